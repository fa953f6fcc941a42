package org.openlockbox.e2e.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// The modules of the build and which of them each one uses, as the poms say.
///
/// A module that has tests only uses what its tests use. Of all others, dependencies of tests do
/// not count. Needs only a JDK: `build/modules.sh` starts [ModulePicture] from its source.
record ModuleGraph(Map<String, Module> modules) {
  /// A module's name, what its pom says about it, and the modules that it uses.
  record Module(String name, String description, boolean testsOnly, SequencedSet<String> uses) {}

  /// Reads the poms below `root`.
  static ModuleGraph of(Path root) throws IOException {
    var modules = new TreeMap<String, Module>();
    for (String name : texts(child(pom(root), "modules"), "module")) {
      modules.put(name, module(root.resolve(name), name));
    }
    return new ModuleGraph(modules);
  }

  private static Module module(Path directory, String name) throws IOException {
    Element pom = pom(directory);
    boolean testsOnly = !Files.isDirectory(directory.resolve("src/main"));
    var uses = new TreeSet<String>();
    for (Element dependency : children(child(pom, "dependencies"), "dependency")) {
      String artifact = String.join("", texts(dependency, "artifactId"));
      boolean test = texts(dependency, "scope").contains("test");
      if (artifact.startsWith("lockbox-") && (testsOnly || !test)) {
        uses.add(artifact.substring("lockbox-".length()));
      }
    }
    return new Module(name, String.join("", texts(pom, "description")), testsOnly, uses);
  }

  /// The modules that `name` uses, without those that it reaches through another one as well.
  List<String> direct(String name) {
    var uses = uses(name);
    return uses.stream()
        .filter(used -> uses.stream().noneMatch(other -> reaches(other, used)))
        .toList();
  }

  private boolean reaches(String from, String to) {
    return uses(from).stream().anyMatch(used -> used.equals(to) || reaches(used, to));
  }

  /// How many modules are on the longest way down from `name`.
  int depth(String name) {
    return uses(name).stream().mapToInt(used -> depth(used) + 1).max().orElse(0);
  }

  private SequencedSet<String> uses(String name) {
    Module module = modules.get(name);
    if (module == null) {
      throw new IllegalStateException("a pom uses lockbox-" + name + ", which is no module");
    }
    return module.uses();
  }

  /// The layers from the modules that use nothing up to those that nobody uses.
  List<List<String>> layers() {
    var layers =
        modules.keySet().stream()
            .collect(Collectors.groupingBy(this::depth, TreeMap::new, Collectors.toList()));
    return new ArrayList<>(layers.values());
  }

  private static Element pom(Path directory) throws IOException {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(directory.resolve("pom.xml").toFile())
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(directory + "/pom.xml", e);
    }
  }

  private static Element child(Element parent, String name) {
    var found = children(parent, name);
    return found.isEmpty() ? parent.getOwnerDocument().createElement(name) : found.getFirst();
  }

  private static List<Element> children(Element parent, String name) {
    var found = new ArrayList<Element>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static List<String> texts(Element parent, String name) {
    return children(parent, name).stream()
        .map(element -> element.getTextContent().strip())
        .toList();
  }
}
