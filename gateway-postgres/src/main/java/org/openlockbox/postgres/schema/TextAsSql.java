package org.openlockbox.postgres.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The functions of PostgreSQL that can have a text run as SQL, or read by the grammar, as
/// `text-as-sql.txt` lists them beside their reasons. `build/text-as-sql.py` finds them in
/// PostgreSQL's sources.
public record TextAsSql(List<Function> functions) {
  /// What the fence does about a function.
  public enum FenceAction {
    /// A text runs as SQL: PUBLIC has no right to it, and the gateway refuses its name.
    CLOSED,
    /// The grammar reads a text: PUBLIC has no right to it.
    PARSED,
    /// Reachable, for the reason that the list gives.
    OPEN
  }

  /// A function, its arguments as the catalogs write their types.
  ///
  /// @param extension that brings it; empty if it is PostgreSQL's own
  /// @param since the major version that first has it, where that is not the oldest one
  public record Function(
      FenceAction verdict, Optional<String> extension, String name, String arguments, int since) {
    /// As `name(type, type)`.
    String signature() {
      return name + "(" + arguments + ")";
    }

    boolean isOfCatalog() {
      return extension.isEmpty();
    }
  }

  private static final int OLDEST = 16;

  public TextAsSql {
    functions = List.copyOf(functions);
  }

  public static TextAsSql load() {
    List<Function> functions = new ArrayList<>();
    FenceAction verdict = FenceAction.OPEN;
    for (String line : CatalogSnapshot.sql("text-as-sql.txt").lines().toList()) {
      if (line.startsWith("@")) {
        verdict = FenceAction.valueOf(line.substring(1).toUpperCase(Locale.ROOT));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        functions.add(function(verdict, line));
      }
    }
    return new TextAsSql(functions);
  }

  private static Function function(FenceAction verdict, String line) {
    int space = line.indexOf(' ');
    int opened = line.indexOf('(');
    int closed = line.indexOf(')');
    String brings = line.substring(0, space);
    String since = line.substring(closed + 1).replace("from", "").strip();
    return new Function(
        verdict,
        Optional.of(brings).filter(name -> !name.equals("-")),
        line.substring(space + 1, opened),
        line.substring(opened + 1, closed),
        since.isEmpty() ? OLDEST : Integer.parseInt(since));
  }

  /// The names that the gateway refuses in every profile.
  public Set<String> refusedNames() {
    return functions.stream()
        .filter(function -> function.verdict() == FenceAction.CLOSED)
        .map(Function::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// What PUBLIC has no right to in `pg_catalog`: signatures, one a line.
  String closedInCatalog() {
    return functions.stream()
        .filter(function -> function.verdict() != FenceAction.OPEN && function.isOfCatalog())
        .map(Function::signature)
        .collect(Collectors.joining("\n"));
  }

  /// What PUBLIC has no right to wherever an extension has put it: names, one a line.
  String closedOfExtensions() {
    return functions.stream()
        .filter(function -> function.verdict() != FenceAction.OPEN && !function.isOfCatalog())
        .map(Function::name)
        .distinct()
        .collect(Collectors.joining("\n"));
  }
}
