package org.openlockbox.e2e.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Draws the modules of the build as SVG: a box for each, and an arrow to each one that it uses.
/// Arrows that follow from others are left out. The same poms give the same bytes.
///
/// `build/modules.sh` runs it from its source and writes the picture that ARCHITECTURE.md shows.
final class ModulePicture {
  static final String FILE = "docs/images/modules.svg";

  private static final int BOX = 46;
  private static final int LAYER = 92;
  private static final int GAP = 24;
  private static final int MARGIN = 12;
  private static final int SWEEPS = 12;
  private static final String STYLE =
      """
      <style>
      rect { fill: #f6f8fa; stroke: #57606a; stroke-width: 1.2 } .tests { stroke-dasharray: 4 3 }
      text { font: 12px sans-serif; fill: #57606a; text-anchor: middle } .name { font: bold 14px sans-serif; fill: #1f2328 }
      path { fill: none; stroke: #57606a; stroke-width: 1.3 } .head { fill: #57606a; stroke: none }
      @media (prefers-color-scheme: dark) {
      rect { fill: #161b22; stroke: #8b949e } text { fill: #8b949e } .name { fill: #e6edf3 }
      path { stroke: #8b949e } .head { fill: #8b949e; stroke: none } }
      </style>
      """;

  /// A box, or one layer of an arrow that passes boxes by. Its neighbours are in the layers beside.
  private static final class Place {
    final String module;
    final double width;
    final List<Place> above = new ArrayList<>();
    final List<Place> below = new ArrayList<>();
    double middle;

    Place(String module, double width) {
      this.module = module;
      this.width = width;
    }

    double wanted() {
      var all = new ArrayList<>(above);
      all.addAll(below);
      return all.stream().mapToDouble(place -> place.middle).average().orElse(middle);
    }
  }

  private final ModuleGraph graph;
  private final List<List<Place>> layers = new ArrayList<>();

  private ModulePicture(ModuleGraph graph) {
    this.graph = graph;
    for (var names : graph.layers()) {
      layers.add(new ArrayList<>(names.stream().map(this::box).toList()));
    }
    graph.modules().keySet().forEach(this::connect);
    arrange();
  }

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args.length == 0 ? "." : args[0]);
    Files.writeString(root.resolve(FILE), of(root));
  }

  /// The picture of the build below `root`.
  static String of(Path root) throws IOException {
    return new ModulePicture(ModuleGraph.of(root)).svg();
  }

  private Place box(String name) {
    int letters = Math.max(name.length() + 2, description(name).length());
    return new Place(name, letters * 6.5 + 24);
  }

  private String description(String name) {
    return graph.modules().get(name).description();
  }

  private Place placed(String name) {
    return layers.get(graph.depth(name)).stream()
        .filter(place -> place.module.equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void connect(String name) {
    for (String used : graph.direct(name)) {
      Place upper = placed(name);
      for (int layer = graph.depth(name) - 1; layer >= graph.depth(used); layer--) {
        Place lower = placed(used);
        if (layer > graph.depth(used)) {
          lower = new Place("", 10);
          layers.get(layer).add(lower);
        }
        upper.below.add(lower);
        lower.above.add(upper);
        upper = lower;
      }
    }
  }

  /// Gives each place its layer's order and its middle: nearer to its neighbours in every sweep.
  private void arrange() {
    layers.forEach(ModulePicture::spread);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (var layer : sweep % 2 == 0 ? layers : layers.reversed()) {
        layer.sort(Comparator.comparingDouble(Place::wanted));
        spread(layer);
      }
    }
    double left =
        layers.stream()
            .flatMap(List::stream)
            .mapToDouble(p -> p.middle - p.width / 2)
            .min()
            .orElse(0);
    layers.forEach(layer -> layer.forEach(place -> place.middle += MARGIN - left));
  }

  /// As near to where they want to be as their order and their widths let them: those that would
  /// overlap stand side by side around the mean of what they want, and move nobody else.
  private static void spread(List<Place> layer) {
    var blocks = new ArrayList<Block>();
    double offset = 0;
    for (int i = 0; i < layer.size(); i++) {
      offset += i == 0 ? 0 : GAP + (layer.get(i - 1).width + layer.get(i).width) / 2;
      var block = new Block(layer.get(i).wanted() - offset, 1);
      while (!blocks.isEmpty() && blocks.getLast().mean() > block.mean()) {
        block = block.with(blocks.removeLast());
      }
      blocks.add(block);
    }
    var means = blocks.stream().flatMap(b -> Stream.generate(b::mean).limit(b.places)).iterator();
    offset = 0;
    for (int i = 0; i < layer.size(); i++) {
      offset += i == 0 ? 0 : GAP + (layer.get(i - 1).width + layer.get(i).width) / 2;
      layer.get(i).middle = means.next() + offset;
    }
  }

  /// Neighbours that touch one another.
  private record Block(double sum, int places) {
    double mean() {
      return sum / places;
    }

    Block with(Block other) {
      return new Block(sum + other.sum, places + other.places);
    }
  }

  private double top(int layer) {
    return MARGIN + (layers.size() - 1 - layer) * LAYER;
  }

  private String svg() {
    double width =
        layers.stream()
            .flatMap(List::stream)
            .mapToDouble(p -> p.middle + p.width / 2)
            .max()
            .orElse(0);
    var svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%1$.0f\" role=\"img\"",
        width + MARGIN,
        top(0) + BOX + MARGIN);
    add(
        svg,
        " aria-label=\"The modules of the build: an arrow leads from a module to one that it uses\">\n");
    svg.append(STYLE);
    for (int layer = 0; layer < layers.size(); layer++) {
      for (Place place : layers.get(layer)) {
        arrows(svg, place, layer);
        if (!place.module.isEmpty()) {
          box(svg, place, layer);
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private void box(StringBuilder svg, Place place, int layer) {
    String kind = graph.modules().get(place.module).testsOnly() ? " class=\"tests\"" : "";
    add(
        svg,
        "<rect%s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"6\"/>\n",
        kind,
        place.middle - place.width / 2,
        top(layer),
        place.width,
        BOX);
    add(
        svg,
        "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
        place.middle,
        top(layer) + 19,
        place.module);
    add(
        svg,
        "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
        place.middle,
        top(layer) + 36,
        escaped(description(place.module)));
  }

  /// The ways down from one place, through the gap between two layers.
  private void arrows(StringBuilder svg, Place place, int layer) {
    for (Place below : place.below) {
      double from = place.module.isEmpty() ? top(layer) : top(layer) + BOX;
      double to = top(layer - 1) - (below.module.isEmpty() ? 0 : 6);
      double half = (top(layer) + BOX + top(layer - 1)) / 2;
      add(
          svg,
          "<path d=\"M%.1f %.1f V%.1f C%1$.1f %.1f %.1f %4$.1f %5$.1f %.1f\"/>\n",
          place.middle,
          from,
          top(layer) + BOX,
          half,
          below.middle,
          to);
      if (!below.module.isEmpty()) {
        add(svg, "<path class=\"head\" d=\"M%.1f %.1f l-4 -8 h8 z\"/>\n", below.middle, to + 6);
      }
    }
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
