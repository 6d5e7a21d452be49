import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.rest.RestChannel;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/** Stands for what no repository offers of a distribution's modules: analysis-common as far as we need it, and the answer to GET / of rest-root. */
public final class KitModule extends KitAnalysis implements ActionPlugin {
  @Override
  public Collection<RestHandler> getRestHandlers(
    Settings settings,
    NamedWriteableRegistry namedWriteableRegistry,
    RestController restController,
    ClusterSettings clusterSettings,
    IndexScopedSettings indexScopedSettings,
    SettingsFilter settingsFilter,
    IndexNameExpressionResolver indexNameExpressionResolver,
    Supplier<DiscoveryNodes> nodesInCluster,
    Predicate<NodeFeature> clusterSupportsFeature
  ) {
    return List.of(new Root(settings));
  }

  private static final class Root implements RestHandler {
    private final Settings settings;

    Root(Settings settings) {
      this.settings = settings;
    }

    @Override
    public List<Route> routes() {
      return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
    }

    @Override
    public void handleRequest(RestRequest request, RestChannel channel, NodeClient client) throws Exception {
      XContentBuilder body = channel.newBuilder().startObject()
        .field("name", settings.get("node.name"))
        .field("cluster_name", settings.get("cluster.name"))
        .startObject("version")
        .field("number", Build.current().version())
        .field("build_flavor", "default")
        .endObject()
        .field("tagline", "You Know, for Search")
        .endObject();
      channel.sendResponse(new RestResponse(RestStatus.OK, body));
    }
  }
}
