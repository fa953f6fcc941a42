package org.openlockbox.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/// What is drawn is as long as what was measured.
final class ChartTest {
  @TempDir private Path directory;

  @Test
  void aPartOfABarIsAsLongAsItsShare() throws Exception {
    Path file = directory.resolve("bars.svg");
    new BarChart("A < B & \"C\"", "ms", "p50", "p99")
        .row("one", 10, 40)
        .row("nothing measured", Double.NaN, Double.NaN)
        .target(80)
        .write(file);
    List<Element> bars =
        elements(file, "rect").stream().filter(bar -> number(bar, "height") > 10).toList();
    assertThat(bars).extracting(bar -> bar.getAttribute("class")).containsExactly("s0", "s1");
    assertThat(number(bars.getLast(), "width") / number(bars.getFirst(), "width"))
        .isBetween(2.98, 3.02);
    double target =
        elements(file, "line").stream()
            .filter(line -> line.getAttribute("class").equals("target"))
            .mapToDouble(line -> number(line, "x1"))
            .sum();
    double zero = number(bars.getFirst(), "x");
    assertThat((target - zero) / number(bars.getFirst(), "width")).isBetween(7.95, 8.05);
    assertThat(elements(file, "text"))
        .extracting(Element::getTextContent)
        .contains("A < B & \"C\"", "one", "40.0")
        .doesNotContain("nothing measured");
  }

  @Test
  void aRowThatDoesNotFitItsSeriesIsAFault() {
    var chart = new BarChart("title", "ms", "p50", "p99");
    assertThatThrownBy(() -> chart.row("one", 10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesOfLinesThatEndTogetherDoNotCoverOneAnother() throws Exception {
    Path file = directory.resolve("lines.svg");
    new LineChart("title", "clients", "reads/s")
        .line("first", List.of(new LineChart.Point(1, 10), new LineChart.Point(64, 100)))
        .line("second", List.of(new LineChart.Point(1, 20), new LineChart.Point(64, 99)))
        .line("none", List.of(new LineChart.Point(1, Double.NaN)))
        .write(file);
    assertThat(elements(file, "polyline")).hasSize(2);
    var names =
        elements(file, "text").stream()
            .filter(text -> List.of("first", "second").contains(text.getTextContent()))
            .toList();
    assertThat(number(names.getLast(), "y") - number(names.getFirst(), "y")).isGreaterThan(12);
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static List<Element> elements(Path file, String name) throws Exception {
    var nodes =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getElementsByTagName(name);
    var found = new ArrayList<Element>();
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }
}
