package org.openlockbox.postgres.statement;

import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.Level;

/// What kind of statement it is, and from which level on the guarded profile lets it pass. A kind
/// that never passes there is left to the grants of an expert session.
enum StatementClass {
  /// Nothing but white space and comments.
  EMPTY(Level.METADATA),
  SELECT(Level.METADATA),
  SHOW(Level.METADATA),
  /// Shows a plan; what it is a plan of has its own class beside it.
  EXPLAIN(Level.METADATA),
  /// COPY … TO STDOUT.
  COPY_OUT(Level.METADATA),
  BEGIN(Level.METADATA),
  COMMIT(Level.METADATA),
  ROLLBACK(Level.METADATA),
  SAVEPOINT(Level.METADATA),
  SET_TRANSACTION(Level.METADATA),
  /// SET or RESET of one setting; which ones pass is another list.
  SET(Level.METADATA),
  RESET_ALL(Level.METADATA),
  PREPARE(Level.METADATA),
  /// Runs what a PREPARE brought, which was looked at then.
  EXECUTE(Level.METADATA),
  DEALLOCATE(Level.METADATA),
  DISCARD(Level.METADATA),
  CLOSE(Level.METADATA),
  UNLISTEN(Level.METADATA),

  INSERT(Level.WRITE),
  UPDATE(Level.WRITE),
  DELETE(Level.WRITE),
  MERGE(Level.WRITE),
  /// COPY … FROM STDIN.
  COPY_IN(Level.WRITE),
  /// SELECT … FOR UPDATE and its weaker forms.
  SELECT_LOCKING(Level.WRITE),
  SET_CONSTRAINTS(Level.WRITE),

  /// Copies from or to a file or program of the server.
  COPY_FILE("COPY with a file or program"),
  SELECT_INTO,
  CREATE_TABLE_AS,
  /// A cursor outlives the look at its statement, and PostgreSQL has run foreign code from
  /// re-created ones.
  DECLARE,
  FETCH,
  /// Takes another role or another session's snapshot.
  SET_ROLE,
  SET_SNAPSHOT,
  DO,
  CALL,
  LISTEN,
  NOTIFY,
  LOCK,
  TRUNCATE,
  /// PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED.
  PREPARED_TRANSACTION("a prepared transaction"),
  /// GRANT and REVOKE, ALTER DEFAULT PRIVILEGES, DROP OWNED, REASSIGN OWNED.
  GRANT("GRANT, REVOKE or the like"),
  /// ALTER ROLE and ALTER USER, but not their SET: any role may give itself a new password.
  ALTER_ROLE,
  /// VACUUM, ANALYZE, CLUSTER, REINDEX, REFRESH, CHECKPOINT.
  MAINTENANCE("VACUUM, ANALYZE or the like"),
  /// CREATE, ALTER, DROP, COMMENT and everything else.
  DEFINITION("CREATE, ALTER, DROP or the like");

  private final Optional<Level> from;
  private final Optional<String> saying;

  StatementClass(Level from) {
    this.from = Optional.of(from);
    this.saying = Optional.empty();
  }

  StatementClass() {
    this.from = Optional.empty();
    this.saying = Optional.empty();
  }

  StatementClass(String saying) {
    this.from = Optional.empty();
    this.saying = Optional.of(saying);
  }

  /// The least level at which a guarded session may send it; empty if it may at none.
  Optional<Level> least() {
    return from;
  }

  /// Whether it changes the rows of the relation that it names first.
  boolean writesRows() {
    return switch (this) {
      case INSERT, UPDATE, DELETE, MERGE, COPY_IN, TRUNCATE -> true;
      case EMPTY, SELECT, SHOW, EXPLAIN, COPY_OUT, BEGIN, COMMIT, ROLLBACK, SAVEPOINT -> false;
      case SET_TRANSACTION, SET, RESET_ALL, PREPARE, EXECUTE, DEALLOCATE, DISCARD, CLOSE -> false;
      case UNLISTEN, SELECT_LOCKING, SET_CONSTRAINTS, COPY_FILE, SELECT_INTO -> false;
      case CREATE_TABLE_AS, DECLARE, FETCH, SET_ROLE, SET_SNAPSHOT, DO, CALL, LISTEN -> false;
      case NOTIFY, LOCK, PREPARED_TRANSACTION, GRANT, ALTER_ROLE, MAINTENANCE -> false;
      case DEFINITION -> false;
    };
  }

  /// The word in the record.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The words for people: `SELECT INTO`, or what stands in place of a name that is not SQL.
  String spoken() {
    return saying.orElseGet(() -> name().replace('_', ' '));
  }
}
