import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One Elasticsearch 9 node in this process: Elasticsearch9Main WORKDIR HTTP_PORT [setting=value ...], with its modules below the folder of the property kit.home. */
public final class Elasticsearch9Main {

  public static void main(String[] args) throws Exception {
    // It has a logging interface of its own, which is empty until told what stands behind it.
    LogConfigurator.configureESLogging();
    Path work = Path.of(args[0]).toAbsolutePath();
    Path home = Path.of(System.getProperty("kit.home"));
    Path config = Files.createDirectories(work.resolve("config"));
    Settings.Builder settings = Settings.builder()
      .put("cluster.name", "testkit")
      .put("node.name", "node-1")
      .put("path.home", home.toString())
      .put("path.data", work.resolve("data").toString())
      .put("path.logs", work.resolve("logs").toString())
      .put("http.type", "netty4")
      .put("transport.type", "netty4")
      .put("network.host", "127.0.0.1")
      .put("http.port", args[1])
      .put("transport.port", "0")
      .put("discovery.type", "single-node")
      // A test machine's disk is often fuller than the watermark, at which indices turn read-only.
      .put("cluster.routing.allocation.disk.threshold_enabled", false);
    for (int i = 2; i < args.length; i++) {
      int eq = args[i].indexOf('=');
      settings.put(args[i].substring(0, eq), args[i].substring(eq + 1));
    }
    Environment environment = InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), config, () -> "node-1");
    // Not with the exports of the server's Java module: on the class path there is no such module.
    PluginsLoader plugins = PluginsLoader.createPluginsLoader(PluginsLoader.loadModulesBundles(home.resolve("modules")), Set.of(), Map.of(), false);
    Node node = new Node(environment, plugins);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        node.close();
      } catch (Exception e) {
        e.printStackTrace();
      }
    }));
    node.start();
    Thread.currentThread().join();
  }
}
