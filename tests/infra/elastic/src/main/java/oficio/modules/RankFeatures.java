package oficio.modules;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.document.FeatureField;
import org.apache.lucene.search.Query;
import org.elasticsearch.common.lucene.Lucene;
import org.elasticsearch.index.analysis.NamedAnalyzer;
import org.elasticsearch.index.mapper.DocumentParserContext;
import org.elasticsearch.index.mapper.FieldMapper;
import org.elasticsearch.index.mapper.MappedFieldType;
import org.elasticsearch.index.mapper.MapperBuilderContext;
import org.elasticsearch.index.mapper.SourceValueFetcher;
import org.elasticsearch.index.mapper.TextSearchInfo;
import org.elasticsearch.index.mapper.ValueFetcher;
import org.elasticsearch.index.query.SearchExecutionContext;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentParser.Token;

/** A field of names with weights: {"blue": 2.5, "logo": 1}. */
final class RankFeatures extends FieldMapper {
  static final String NAME = "rank_features";
  static final TypeParser PARSER = new TypeParser((name, context) -> new Fresh(name));

  private static final class Fresh extends Builder {
    private final Parameter<Map<String, String>> meta = Parameter.metaParam();

    Fresh(String name) {
      super(name);
    }

    @Override
    protected Parameter<?>[] getParameters() {
      return new Parameter<?>[] {meta};
    }

    @Override
    public RankFeatures build(MapperBuilderContext context) {
      Kind kind = new Kind(context.buildFullName(leafName()), meta.getValue());
      return new RankFeatures(leafName(), kind, builderParams(this, context));
    }
  }

  static final class Kind extends MappedFieldType {
    Kind(String name, Map<String, String> meta) {
      super(name, true, false, false, TextSearchInfo.NONE, meta);
    }

    @Override
    public String typeName() {
      return NAME;
    }

    @Override
    public ValueFetcher valueFetcher(SearchExecutionContext context, String format) {
      return SourceValueFetcher.identity(name(), context, format);
    }

    @Override
    public Query termQuery(Object value, SearchExecutionContext context) {
      throw new IllegalArgumentException("[rank_features] takes the query [rank_feature] only");
    }

    @Override
    public Query existsQuery(SearchExecutionContext context) {
      throw new IllegalArgumentException("[rank_features] takes the query [rank_feature] only");
    }
  }

  private RankFeatures(String name, Kind kind, BuilderParams params) {
    super(name, kind, params);
  }

  @Override
  public Map<String, NamedAnalyzer> indexAnalyzers() {
    return Map.of(fieldType().name(), Lucene.KEYWORD_ANALYZER);
  }

  @Override
  public Builder getMergeBuilder() {
    return new Fresh(leafName()).init(this);
  }

  @Override
  protected String contentType() {
    return NAME;
  }

  @Override
  protected boolean supportsParsingObject() {
    return true;
  }

  @Override
  protected void parseCreateField(DocumentParserContext context) throws IOException {
    XContentParser parser = context.parser();
    if (parser.currentToken() != Token.START_OBJECT) {
      throw new IllegalArgumentException("[rank_features] takes an object, not a value");
    }
    while (parser.nextToken() != Token.END_OBJECT) {
      String feature = parser.currentName();
      parser.nextToken();
      context.doc().add(new FeatureField(fieldType().name(), feature, parser.floatValue()));
    }
  }
}
