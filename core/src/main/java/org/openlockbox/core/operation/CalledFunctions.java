package org.openlockbox.core.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openlockbox.core.canonical.CanonicalJsonWriter;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// The functions that a statement calls by name. Those of the gateway's own lists stand by their
/// names; any other is only counted, because its name may be the engineer's word.
public record CalledFunctions(SortedSet<String> names, long others) {
  public static final CalledFunctions NONE = new CalledFunctions(new TreeSet<>(), 0);

  public CalledFunctions {
    names = SqlFacts.functions(names);
    if (others < 0) {
      throw new MalformedJson("a count is 0 or more: " + others);
    }
  }

  public boolean isNone() {
    return names.isEmpty() && others == 0;
  }

  /// In plain words: `calls count, lower`, `calls 2 functions that are not listed`.
  List<String> words() {
    var words = new ArrayList<String>();
    if (!names.isEmpty()) {
      words.add("calls " + String.join(", ", names));
    }
    if (others > 0) {
      words.add(
          "calls %d %s not listed"
              .formatted(others, others == 1 ? "function that is" : "functions that are"));
    }
    return words;
  }

  static CalledFunctions parse(Fields functions) {
    var called =
        new CalledFunctions(
            SqlFacts.names(Optional.of(functions), "names"),
            SqlFacts.positive(functions, "others"));
    functions.done();
    if (called.isNone()) {
      throw new MalformedJson("'functions' is left out when there are none");
    }
    return called;
  }

  Json.Object toJson() {
    var json = Json.object();
    if (!names.isEmpty()) {
      json.putTexts("names", List.copyOf(names));
    }
    if (others > 0) {
      json.put("others", others);
    }
    return json.build();
  }

  /// The canonical spelling of [#toJson].
  String canonical() {
    var functions = new CanonicalJsonWriter();
    if (!names.isEmpty()) {
      functions.words("names", names);
    }
    if (others > 0) {
      functions.number("others", others);
    }
    return functions.done();
  }
}
