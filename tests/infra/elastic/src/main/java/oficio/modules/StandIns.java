package oficio.modules;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredTokenizer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;

/**
 * What we take of the modules analysis-common, mapper-extras and rest-root, which every
 * Elasticsearch has but Maven's repository has not: the tokenizer "whitespace", the filter
 * "edge_ngram", the field "rank_features", the query "rank_feature" and the answer to "GET /". What
 * has to do with searching is Lucene's, here as there; these classes only give it its names.
 */
public final class StandIns extends Plugin
    implements ActionPlugin, AnalysisPlugin, MapperPlugin, SearchPlugin {
  private static final class EdgeNGrams extends AbstractTokenFilterFactory {
    private final int shortest;
    private final int longest;

    EdgeNGrams(IndexSettings index, Environment environment, String name, Settings settings) {
      super(name, settings);
      shortest = settings.getAsInt("min_gram", 1);
      longest = settings.getAsInt("max_gram", 2);
    }

    @Override
    public TokenStream create(TokenStream of) {
      return new EdgeNGramTokenFilter(of, shortest, longest, false);
    }
  }

  @Override
  public List<PreConfiguredTokenizer> getPreConfiguredTokenizers() {
    return List.of(PreConfiguredTokenizer.singleton("whitespace", WhitespaceTokenizer::new));
  }

  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of("edge_ngram", EdgeNGrams::new);
  }

  @Override
  public List<RestHandler> getRestHandlers(
      Settings settings,
      NamedWriteableRegistry writeables,
      RestController controller,
      ClusterSettings clusterSettings,
      IndexScopedSettings indexSettings,
      SettingsFilter filter,
      IndexNameExpressionResolver resolver,
      Supplier<DiscoveryNodes> nodes,
      Predicate<NodeFeature> features) {
    return List.of(new Root());
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of(RankFeatures.NAME, RankFeatures.PARSER);
  }

  @Override
  public List<QuerySpec<?>> getQueries() {
    return List.of(
        new QuerySpec<>(RankFeatureQuery.NAME, RankFeatureQuery::new, RankFeatureQuery::parse));
  }
}
