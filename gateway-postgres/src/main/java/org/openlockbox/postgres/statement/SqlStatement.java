package org.openlockbox.postgres.statement;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One statement as PostgreSQL's grammar reads it.
///
/// @param classes what it is, and what the statements in it are; outermost first
/// @param reads relations that it names other than to write; a common table expression is not one,
///   unless its name is that of a relation too
/// @param commonTables the names of its common table expressions
/// @param commonAlone those of them that stand for nothing else anywhere in it
/// @param columns the columns that it names
/// @param functions the functions that it calls by name
/// @param settings the settings that it changes
/// @param reaches what in it reaches others than the tenant
/// @param unstoppable what in it PostgreSQL could not stop while it runs, in words
/// @param shortValues whether the values of its parameters have to be short ([TypeTexts])
/// @param names what it does with names of prepared statements and cursors
/// @param oddities what else is in it that the guarded profile does not know, in its own words
record SqlStatement(
    Set<StatementClass> classes,
    Set<QualifiedName> reads,
    Set<QualifiedName> writes,
    Set<String> commonTables,
    Set<String> commonAlone,
    Set<String> columns,
    Set<QualifiedName> functions,
    List<Setting> settings,
    Set<OutsideReach> reaches,
    Optional<String> unstoppable,
    boolean shortValues,
    SqlNames names,
    Set<String> oddities) {
  /// The same statement with one oddity more.
  SqlStatement with(String oddity) {
    Set<String> more = new LinkedHashSet<>(oddities);
    more.add(oddity);
    return new SqlStatement(
        classes,
        reads,
        writes,
        commonTables,
        commonAlone,
        columns,
        functions,
        settings,
        reaches,
        unstoppable,
        shortValues,
        names,
        more);
  }

  /// A name with its schema, if that is written out; folded as PostgreSQL does.
  public record QualifiedName(Optional<String> schema, String name) {
    static final String CATALOG = "pg_catalog";

    /// Whether it is looked up in `pg_catalog`: said so, or found there first.
    boolean mayBeOfCatalog() {
      return schema.isEmpty() || schema.get().equals(CATALOG);
    }

    /// Whether it is a relation there: said so, or named like one.
    boolean isOfCatalog() {
      return mayBeOfCatalog() && (schema.isPresent() || name.startsWith("pg_"));
    }

    @Override
    public String toString() {
      return schema.map(s -> s + ".").orElse("") + name;
    }
  }

  /// A setting and the values it gets; none for its default.
  public record Setting(String name, List<String> values) {
    public Setting {
      values = List.copyOf(values);
    }
  }
}
