package oficio.modules;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.document.FeatureField;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.TransportVersions;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.index.query.AbstractQueryBuilder;
import org.elasticsearch.index.query.SearchExecutionContext;
import org.elasticsearch.xcontent.ConstructingObjectParser;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentParser;

/** {"field": "FIELD.NAME", "saturation": {"pivot": P}}: a weight w tells w / (w + P). */
final class RankFeatureQuery extends AbstractQueryBuilder<RankFeatureQuery> {
  static final String NAME = "rank_feature";
  private static final ParseField FIELD = new ParseField("field");
  private static final ParseField SATURATION = new ParseField("saturation");
  private static final ParseField PIVOT = new ParseField("pivot");

  private static final ConstructingObjectParser<Float, Void> PIVOT_PARSER =
      new ConstructingObjectParser<>("saturation", given -> (Float) given[0]);
  private static final ConstructingObjectParser<RankFeatureQuery, Void> PARSER =
      new ConstructingObjectParser<>(
          NAME, given -> new RankFeatureQuery((String) given[0], (Float) given[1]));

  static {
    PIVOT_PARSER.declareFloat(ConstructingObjectParser.constructorArg(), PIVOT);
    PARSER.declareString(ConstructingObjectParser.constructorArg(), FIELD);
    PARSER.declareObject(ConstructingObjectParser.constructorArg(), PIVOT_PARSER, SATURATION);
    declareStandardFields(PARSER);
  }

  private final String field;
  private final float pivot;

  private RankFeatureQuery(String field, float pivot) {
    this.field = field;
    this.pivot = pivot;
  }

  RankFeatureQuery(StreamInput in) throws IOException {
    super(in);
    field = in.readString();
    pivot = in.readFloat();
  }

  static RankFeatureQuery parse(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeFloat(pivot);
  }

  @Override
  protected void doXContent(XContentBuilder out, Params params) throws IOException {
    out.startObject(NAME).field(FIELD.getPreferredName(), field);
    out.startObject(SATURATION.getPreferredName()).field(PIVOT.getPreferredName(), pivot);
    out.endObject();
    boostAndQueryNameToXContent(out);
    out.endObject();
  }

  @Override
  protected Query doToQuery(SearchExecutionContext context) {
    int dot = field.lastIndexOf('.');
    String within = dot < 0 ? "" : field.substring(0, dot);
    if (context.getFieldType(within) instanceof RankFeatures.Kind) {
      return FeatureField.newSaturationQuery(within, field.substring(dot + 1), 1, pivot);
    }
    return new MatchNoDocsQuery();
  }

  @Override
  protected boolean doEquals(RankFeatureQuery other) {
    return field.equals(other.field) && pivot == other.pivot;
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(field, pivot);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  public TransportVersion getMinimalSupportedVersion() {
    return TransportVersions.ZERO;
  }
}
