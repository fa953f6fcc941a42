package org.openlockbox.postgres.statement;

import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.wire.PgError;

/// Why a statement is not passed on: one word for the record, and what the client is told.
public record StatementRefusal(String word, PgError error) {
  private static final String HINT =
      "This access is guarded: only statements and functions that are listed as harmless pass."
          + " What the grants allow beyond them needs an access request with the expert profile.";

  /// Not even in an expert session.
  static StatementRefusal barred(String word, String message, String hint) {
    return new StatementRefusal(word, PgError.error(PgError.INSUFFICIENT_PRIVILEGE, message, hint));
  }

  /// Not even in an expert session, by a word in a text that may be read in two ways.
  static StatementRefusal unsure(StatementRefusal barred, String why) {
    return barred(
        "not-understood",
        barred.error().message() + ", and this text may be read so",
        "It has the word, and how the database reads it is not sure: "
            + why
            + ". Send values as parameters.");
  }

  static StatementRefusal of(String word, String message) {
    return new StatementRefusal(
        word, PgError.error(PgError.INSUFFICIENT_PRIVILEGE, message + " (guarded profile)", HINT));
  }

  /// One that could keep a backend busy past the end of its access.
  static StatementRefusal unstoppable(String what) {
    return new StatementRefusal(
        "unstoppable",
        PgError.error(
            PgError.INSUFFICIENT_PRIVILEGE,
            "PostgreSQL could not stop this at the end of the access: %s (guarded profile)"
                .formatted(what),
            "Name a type in a constant or parameter of at most %d characters, or use format_type(oid, null);"
                    .formatted(TypeTexts.LONGEST)
                + " read XML as text. More needs an access request with the expert profile."));
  }

  /// A function by its number.
  public static StatementRefusal functionCall() {
    return new StatementRefusal(
        "class",
        PgError.error(
            PgError.NOT_SUPPORTED,
            "the function-call protocol is not allowed here",
            "Call functions in SQL. Large objects (lo_import and the like) are not offered: read"
                + " and write columns of tables."));
  }

  /// A COPY that reads from the client, in the extended protocol.
  static StatementRefusal copyIn() {
    return new StatementRefusal(
        "class",
        PgError.error(
            PgError.NOT_SUPPORTED,
            "COPY FROM STDIN is not allowed in the extended protocol",
            "PostgreSQL copies into tables only, and here are views: use INSERT."));
  }

  /// The value of a parameter that is read as the name of a type.
  public static StatementRefusal longValue() {
    return unstoppable(
        "a parameter's value of more than %d bytes beside the name of a type"
            .formatted(TypeTexts.LONGEST));
  }

  /// One of a kind that passes from another level on.
  static StatementRefusal ofLevel(StatementClass is, Level level, Level least) {
    return new StatementRefusal(
        "level",
        PgError.error(
            PgError.INSUFFICIENT_PRIVILEGE,
            "%s is not allowed at level %s (guarded profile)".formatted(is.spoken(), level.word()),
            is == StatementClass.COPY_IN
                ? "PostgreSQL copies into tables only, and here are views: use INSERT, with an"
                    + " access request at level write."
                : "It needs an access request at level %s.".formatted(least.word())));
  }

  /// A text that PostgreSQL's grammar does not accept: the client is told what a server would say.
  static StatementRefusal malformed(String message) {
    return new StatementRefusal(
        "malformed",
        PgError.error(
            PgError.SYNTAX_ERROR,
            message,
            "This access is guarded: what the grammar of PostgreSQL 17 does not read is not passed"
                + " on; an access request with the expert profile leaves that to the database."));
  }

  /// A text that nobody knows anything about.
  static StatementRefusal unreadable(String why) {
    return of("not-understood", "a statement that cannot be read does not pass: " + why);
  }
}
