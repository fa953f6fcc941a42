package org.openlockbox.postgres.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The relations and functions of `pg_catalog` that a session reads from [#SCHEMA], as
/// `catalog-names.txt` lists them beside their reasons. The fence's plan makes them there.
public record CatalogNames(Set<String> relations, Set<String> functions) {
  /// As long as `pg_catalog`, so that a text in which one stands for the other keeps its length.
  public static final String SCHEMA = "lb_catalog";

  public static final String CATALOG = "pg_catalog";

  private static final String FUNCTIONS = "@functions";

  public CatalogNames {
    relations = Set.copyOf(relations);
    functions = Set.copyOf(functions);
  }

  public static CatalogNames load() {
    List<String> words = new ArrayList<>();
    CatalogSnapshot.sql("catalog-names.txt")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> words.addAll(List.of(line.split(" +"))));
    int functions = words.indexOf(FUNCTIONS);
    return new CatalogNames(
        new TreeSet<>(words.subList(0, functions)),
        new TreeSet<>(words.subList(functions + 1, words.size())));
  }
}
