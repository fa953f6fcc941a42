package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.Terminal;

/// The alert rules raise what they should, and each alert and figure is explained.
@Tag("guard")
class MonitoringTest {
  private static final Path HOME = Distribution.home();
  private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
  private static final Pattern FIGURE = Pattern.compile("lockbox_[a-z_]+[a-z]");

  private static String read(String file) throws IOException {
    return Files.readString(HOME.resolve(file));
  }

  private static Set<String> all(Pattern pattern, String text) {
    var found = new TreeSet<String>();
    pattern.matcher(text).results().forEach(match -> found.add(match.group(match.groupCount())));
    return found;
  }

  @Test
  void eachAlertIsRaisedByItsTest() throws IOException {
    Terminal shell =
        EmptyHost.shell(Map.of("PATH", System.getenv("PATH")), HOME.resolve("monitoring"));
    shell.needs("command -v promtool", "prometheus, which has promtool");
    shell.types("promtool test rules alerts-test.yaml").ok();
    for (String alert : all(ALERT, read("monitoring/alerts.yaml"))) {
      assertThat(read("monitoring/alerts-test.yaml")).contains("alertname: " + alert);
    }
  }

  @Test
  void eachAlertSaysWhatToDo() throws IOException {
    String page = read("docs/monitoring.md");
    for (String alert : all(ALERT, read("monitoring/alerts.yaml"))) {
      assertThat(page).contains("| `" + alert + "` |");
    }
  }

  @Test
  void rulesAndDashboardUseFiguresThatAreExplained() throws IOException {
    String page = read("docs/monitoring.md");
    String used = read("monitoring/alerts.yaml") + read("monitoring/dashboard.json");
    for (String figure : all(FIGURE, used)) {
      assertThat(page).contains("`" + figure.replaceAll("_(bucket|sum|count)$", "") + "`");
    }
  }
}
