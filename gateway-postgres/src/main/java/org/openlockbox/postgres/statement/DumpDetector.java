package org.openlockbox.postgres.statement;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;

/// How pg_dump begins, and PostgreSQL's other programs that go through a whole database. What they
/// ask for next fails in words that help nobody, so whoever starts one is told at once, in every
/// profile (ADR 31). A courtesy: it keeps nobody from anything, and written otherwise the text is
/// like any other.
final class DumpDetector {
  private static final Bytes FIRST_WORDS =
      Bytes.ofUtf8("SELECT pg_catalog.set_config('search_path', '', false);");

  private static final StatementRefusal REFUSAL =
      StatementRefusal.barred(
          "setting",
          "pg_dump exports nothing here: a session sees views, and none of the tables behind them"
              + " (so begin pg_dumpall, pg_restore and vacuumdb as well)",
          "Export rows with psql: \\copy (select ...) to 'file.csv' csv header");

  private DumpDetector() {}

  static Optional<StatementRefusal> in(Bytes sql) {
    return sql.equals(FIRST_WORDS) ? Optional.of(REFUSAL) : Optional.empty();
  }
}
