package oficio.modules;

import java.util.List;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestRequest.Method;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/** Tells who it is: the module rest-root's answer, as far as clients ask for it. */
final class Root extends BaseRestHandler {
  @Override
  public String getName() {
    return "root";
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(Method.GET, "/"), new Route(Method.HEAD, "/"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    return channel -> {
      XContentBuilder out = channel.newBuilder().startObject();
      out.startObject("version");
      out.field("number", Build.current().qualifiedVersion());
      out.field("build_flavor", Build.current().flavor());
      out.endObject();
      out.field("tagline", "You Know, for Search");
      channel.sendResponse(new RestResponse(RestStatus.OK, out.endObject()));
    };
  }
}
