package oficio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One node on loopback, without the security and the checks of a machine that serves others. */
public final class ElasticServer {
  private ElasticServer() {}

  private static Environment environment(Path folder, String httpPort, String transportPort)
      throws IOException {
    Path config = Files.createDirectories(folder.resolve("config"));
    Settings settings =
        Settings.builder()
            .put("path.home", folder)
            .put("path.data", folder)
            .put("path.logs", folder)
            .put("cluster.name", "oficio")
            .put("node.name", "oficio")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", httpPort)
            .put("transport.port", transportPort)
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    return InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> "oficio");
  }

  /** FOLDER HTTP-PORT TRANSPORT-PORT, in the folder that has the modules */
  public static void main(String[] words) throws Exception {
    LogConfigurator.configureESLogging();
    Environment environment = environment(Path.of(words[0]), words[1], words[2]);
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(Path.of("modules").toAbsolutePath()),
            Set.of(),
            Map.of(),
            false);
    Node node = new Node(environment, plugins);
    node.start();
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    node.close();
                  } catch (IOException e) {
                    e.printStackTrace();
                  }
                  closed.countDown();
                }));
    closed.await();
  }
}
