import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One Elasticsearch 9 node in this process: Elasticsearch9Main CONFIG_FOLDER setting=value .... */
public final class Elasticsearch9Main {

  public static void main(String[] args) throws Exception {
    // It has a logging interface of its own, which is empty until told what stands behind it.
    LogConfigurator.configureESLogging();
    Settings.Builder settings = Settings.builder();
    for (int i = 1; i < args.length; i++) {
      int eq = args[i].indexOf('=');
      settings.put(args[i].substring(0, eq), args[i].substring(eq + 1));
    }
    Environment environment = InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), Path.of(args[0]), () -> "node-1");
    // Not with the exports of the server's Java module: on the class path there is no such module.
    PluginsLoader plugins = PluginsLoader.createPluginsLoader(PluginsLoader.loadModulesBundles(environment.modulesDir()), Set.of(), Map.of(), false);
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
