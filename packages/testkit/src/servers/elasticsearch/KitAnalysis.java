import java.io.Reader;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * What our index template needs of the module analysis-common, which every distribution of Elasticsearch has and no repository offers. The names and
 * parameters are that module's, the work is done by the same classes of Lucene. It compiles with Elasticsearch 7 and 9.
 */
public class KitAnalysis extends Plugin implements AnalysisPlugin {
  @Override
  public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
    return Map.of(
      "mapping", required((index, environment, name, settings) -> mapping(name, settings)),
      "pattern_replace", required((index, environment, name, settings) -> patternReplace(name, settings)));
  }

  @Override
  public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
    return Map.of("pattern", required((index, environment, name, settings) -> {
      Pattern separator = Pattern.compile(settings.get("pattern", "\\W+"));
      int group = settings.getAsInt("group", -1);
      return TokenizerFactory.newFactory(name, () -> new PatternTokenizer(separator, group));
    }));
  }

  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of(
      "lowercase", (index, environment, name, settings) -> lowercase(name),
      "truncate", required((index, environment, name, settings) -> truncate(name, settings)));
  }

  /** Such a one has parameters, so that it exists only where an index defines it. */
  private static <T> AnalysisProvider<T> required(AnalysisProvider<T> provider) {
    return AnalysisPlugin.requiresAnalysisSettings(provider);
  }

  private static CharFilterFactory mapping(String name, Settings settings) {
    NormalizeCharMap.Builder builder = new NormalizeCharMap.Builder();
    for (String rule : settings.getAsList("mappings")) {
      String[] sides = rule.split("=>");
      builder.add(sides[0].trim(), sides[1].trim());
    }
    NormalizeCharMap map = builder.build();
    return new NormalizingReader(name, reader -> new MappingCharFilter(map, reader));
  }

  private static CharFilterFactory patternReplace(String name, Settings settings) {
    Pattern pattern = Pattern.compile(settings.get("pattern"));
    String replacement = settings.get("replacement", "");
    return new NormalizingReader(name, reader -> new PatternReplaceCharFilter(pattern, replacement, reader));
  }

  private static TokenFilterFactory lowercase(String name) {
    return new NormalizingTokenFilterFactory() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public TokenStream create(TokenStream input) {
        return new LowerCaseFilter(input);
      }
    };
  }

  private static TokenFilterFactory truncate(String name, Settings settings) {
    int length = settings.getAsInt("length", -1);
    return new TokenFilterFactory() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public TokenStream create(TokenStream input) {
        return new TruncateTokenFilter(input, length);
      }
    };
  }

  private static final class NormalizingReader implements NormalizingCharFilterFactory {
    private final String name;
    private final Function<Reader, Reader> create;

    NormalizingReader(String name, Function<Reader, Reader> create) {
      this.name = name;
      this.create = create;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Reader create(Reader reader) {
      return create.apply(reader);
    }
  }
}
