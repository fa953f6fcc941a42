package org.openlockbox.postgres.statement;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.schema.TextAsSql;

/// What passes in no profile: it reaches others than the tenant, or outlives the access, and no
/// right in the database keeps it from that. So it stands on the reading of the text alone, and
/// where that is not sure, on the word that it cannot do without: sessions have no way to make SQL
/// of text.
///
/// @param isIn whether a statement does it
/// @param from the least level at which it does harm
record DeniedStatements(
    Pattern word, Predicate<SqlStatement> isIn, Level from, StatementRefusal refusal) {
  private static final Set<String> TEXT_AS_SQL = TextAsSql.load().refusedNames();

  /// An insert that changes the row that it runs into looks at it first, and neither a view nor a
  /// policy keeps another tenant's row from that.
  private static final DeniedStatements OVERWRITING =
      new DeniedStatements(
          word("conflict"),
          reaching(OutsideReach.OVERWRITES),
          Level.WRITE,
          StatementRefusal.barred(
              "construct",
              "an insert must not change the row that it runs into (ON CONFLICT DO UPDATE)",
              "That row may be another customer's. Use UPDATE and INSERT, or MERGE."));

  /// Whoever listens may act on it for every customer.
  private static final DeniedStatements NOTIFYING =
      new DeniedStatements(
          word("notify"),
          statement -> statement.classes().contains(StatementClass.NOTIFY),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "NOTIFY is not allowed here in any profile",
              "Channels belong to the whole database, not to one customer: have the application"
                  + " notify."));

  /// Hears what is sent about every customer.
  private static final DeniedStatements LISTENING =
      new DeniedStatements(
          word("listen(?<!unlisten)"),
          statement -> statement.classes().contains(StatementClass.LISTEN),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "LISTEN is not allowed here in any profile",
              "Channels belong to the whole database, not to one customer: query the tables"
                  + " again."));

  /// What it has locked stays locked when its session and role are gone. A comment behind the first
  /// word counts as the second one.
  private static final DeniedStatements PREPARING =
      new DeniedStatements(
          Pattern.compile("prepare\\b\\s*+(transaction\\b|--|/\\*)", Pattern.CASE_INSENSITIVE),
          statement -> statement.classes().contains(StatementClass.PREPARED_TRANSACTION),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "a prepared transaction is not allowed here in any profile",
              "Its locks would outlive this access: use COMMIT."));

  /// PostgreSQL lets every role set its own password, and a password that somebody knows opens the
  /// database past the gateway, also on a standby that has not heard of the end. It lets every role
  /// have settings, too: on PostgreSQL 15 a session can become its level's role, and a setting of
  /// that is a broken fence, which ends the sessions of every customer.
  private static final DeniedStatements OWN_ROLE =
      new DeniedStatements(
          inOrder("alter", "(role|user)\\b"),
          statement -> statement.classes().contains(StatementClass.ALTER_ROLE),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "ALTER ROLE is not allowed here in any profile",
              "The role of this access is made for it alone and dropped at its end."));

  /// A session has the rights of its level's role, and so may change what that role gives by
  /// default and write its rights anew. The role is that of every customer's sessions: the fence
  /// would no longer stand for any of them, and all would end.
  private static final DeniedStatements GRANTING =
      new DeniedStatements(
          word("(?<![a-z0-9_$])(grant|revoke|owned)"),
          statement -> statement.classes().contains(StatementClass.GRANT),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "GRANT, REVOKE and the like are not allowed here in any profile",
              "The rights of a level belong to the sessions of every customer."));

  /// Whoever may delete rows of a view may lock the whole table behind it, for every customer and
  /// the application.
  private static final DeniedStatements LOCKING =
      new DeniedStatements(
          word("(?<![a-z0-9_$])lock"),
          statement -> statement.classes().contains(StatementClass.LOCK),
          Level.WRITE,
          StatementRefusal.barred(
              "class",
              "LOCK is not allowed here at level write, in any profile",
              "It locks the table for every customer: use SELECT … FOR UPDATE, which locks your"
                  + " rows."));

  /// Text that runs as SQL stands in no record of its own: where the call is by a value of a
  /// parameter, or by rows, in none at all. The database grants these to no session; no word of a
  /// text that is not read gives them away, because a name can be written in other letters.
  private static final DeniedStatements RUNNING_TEXT =
      new DeniedStatements(
          Pattern.compile("(?!)"),
          statement -> runsText(statement),
          Level.METADATA,
          StatementRefusal.barred(
              "function",
              "a function that runs a text as SQL is not allowed here in any profile",
              "What it runs would stand in no record: send the query itself."));

  /// Every session has a role, and its level is a right of that role. The database tells everybody
  /// the rights of every role; views of `information_schema` need that, so no right forbids it.
  private static final DeniedStatements ASKING_FOR_RIGHTS =
      new DeniedStatements(
          word("(pg_has_role|_privilege)"),
          reaching(OutsideReach.ASKS_FOR_RIGHTS),
          Level.METADATA,
          StatementRefusal.barred(
              "function",
              "asking for another role's rights is not allowed here in any profile",
              "Other roles are sessions of other customers: leave the role out, or write"
                  + " current_user."));

  private static final DeniedStatements FINDING_OTHERS =
      new DeniedStatements(
          word("pg_(cancel|terminate)_backend"),
          reaching(OutsideReach.FINDS_OTHERS),
          Level.METADATA,
          StatementRefusal.barred(
              "function",
              "a function that tells which processes or large objects there are is not allowed here"
                  + " in any profile",
              "They are those of every customer. Your tool can cancel your own statement."));

  private static final DeniedStatements NAMING_LARGE_OBJECTS =
      new DeniedStatements(
          inOrder("large", "object"),
          reaching(OutsideReach.NAMES_LARGE_OBJECT),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "a statement about a large object is not allowed here in any profile",
              "Large objects belong to the whole database, not to one customer: read and write"
                  + " columns of tables."));

  /// No session has a snapshot to give away. An error tells whether another process gives away one
  /// of this name, which is made of the number of that process and of its transactions.
  private static final DeniedStatements TAKING_SNAPSHOT =
      new DeniedStatements(
          inOrder("transaction", "snapshot\\b"),
          statement -> statement.classes().contains(StatementClass.SET_SNAPSHOT),
          Level.METADATA,
          StatementRefusal.barred(
              "class",
              "SET TRANSACTION SNAPSHOT is not allowed here in any profile",
              "A snapshot is that of another customer's session, or of the application: use one"
                  + " transaction for what has to be seen together."));

  /// Counts the rows too that the fence takes away, and measures values before they are masked.
  private static final DeniedStatements COUNTING_ROWS =
      new DeniedStatements(
          inOrder("explain", "(analy[sz]e|u&\")"),
          reaching(OutsideReach.COUNTS_ROWS),
          Level.METADATA,
          StatementRefusal.barred(
              "construct",
              "EXPLAIN ANALYZE is not allowed here in any profile",
              "It counts rows of other customers too. EXPLAIN without ANALYZE shows the plan."));

  /// Where it is not sure what a text is, a name in escaped letters may be any of these functions.
  private static final DeniedStatements ESCAPED_NAME =
      new DeniedStatements(
          Pattern.compile("u&\"", Pattern.CASE_INSENSITIVE),
          statement -> false,
          Level.METADATA,
          StatementRefusal.barred(
              "function",
              "a name in escaped letters (U&\"…\") may be that of a function that is refused",
              "Write its letters."));

  private static final List<DeniedStatements> ALL =
      List.of(
          OVERWRITING,
          NOTIFYING,
          LISTENING,
          PREPARING,
          OWN_ROLE,
          GRANTING,
          LOCKING,
          RUNNING_TEXT,
          ASKING_FOR_RIGHTS,
          FINDING_OTHERS,
          NAMING_LARGE_OBJECTS,
          TAKING_SNAPSHOT,
          COUNTING_ROWS,
          ESCAPED_NAME);

  private static boolean runsText(SqlStatement statement) {
    return statement.functions().stream().anyMatch(f -> runsText(f.name()));
  }

  /// Whether a function of this name runs a text as SQL.
  static boolean runsText(String function) {
    return TEXT_AS_SQL.contains(folded(function));
  }

  /// The last byte of a letter beyond ASCII may take the next one with it, and what would have
  /// begun a dollar quote goes on with a name.
  private static final Pattern DOLLAR_QUOTE_BEHIND_LETTER =
      Pattern.compile("[\\x00-\\x7f]*+[\\x80-\\xff].*?\\$\\D", Pattern.DOTALL);

  /// The letters beyond ASCII that PostgreSQL turns into ASCII: a backslash and `~`, of
  /// SHIFT_JIS_2004.
  private static final Pattern BECOMES_ASCII = Pattern.compile("\\x81[_\\xb0]");

  /// The one letter beyond ASCII that PostgreSQL makes small as one of ASCII, in names, where the
  /// database has letters of one byte and a Turkish locale: in UTF-8, or as that byte.
  private static final Pattern BIG_DOTTED_I = Pattern.compile("\\xc4\\xb0|\\xdd");

  private static Predicate<SqlStatement> reaching(OutsideReach reach) {
    return statement -> statement.reaches().contains(reach);
  }

  /// Both, in one go through the text.
  private static Pattern inOrder(String word, String later) {
    return Pattern.compile(
        "\\A(?>.*?%s\\b)(?>.*?%s)".formatted(word, later),
        Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  private static Pattern word(String word) {
    return Pattern.compile(word + "\\b", Pattern.CASE_INSENSITIVE);
  }

  /// A name as every database folds it, or more than that.
  static String folded(String name) {
    return name.replace('\u0130', 'i');
  }

  /// Why a text does not pass at this level, by what it was understood to do.
  static Optional<StatementRefusal> in(ParsedStatement understanding, Level level) {
    return switch (understanding) {
      case ParsedStatement.Understood(List<SqlStatement> statements, _) ->
          at(level)
              .filter(barred -> statements.stream().anyMatch(barred.isIn))
              .map(DeniedStatements::refusal)
              .findFirst();
      case ParsedStatement.Malformed _, ParsedStatement.NotUnderstood _ -> Optional.empty();
    };
  }

  /// Why it does not pass by its words, unless there is one way to read it, which is known.
  static Optional<StatementRefusal> perhapsIn(
      ParsedStatement understanding, Bytes sql, Level level) {
    String text = new String(sql.toArray(), ISO_8859_1);
    if (understanding instanceof ParsedStatement.Understood && isReadOneWay(text)) {
      return Optional.empty();
    }
    String folded = BIG_DOTTED_I.matcher(text).replaceAll("i");
    return at(level)
        .filter(barred -> barred.word.matcher(folded).find())
        .map(barred -> StatementRefusal.unsure(barred.refusal, whyUnsure(understanding)))
        .findFirst();
  }

  private static String whyUnsure(ParsedStatement understanding) {
    return switch (understanding) {
      case ParsedStatement.NotUnderstood(String why) -> why;
      case ParsedStatement.Malformed _ -> "PostgreSQL 17 does not know its syntax";
      case ParsedStatement.Understood _ ->
          "it has a backslash before a quotation mark, or letters beyond ASCII that a setting may"
              + " turn into others";
    };
  }

  /// Whether strings begin and end for the database where they do for the grammar, whatever a
  /// session has made of `standard_conforming_strings` and `client_encoding` (ADR 30). A backslash
  /// moves the end of a string only where a quotation mark is behind it.
  private static boolean isReadOneWay(String text) {
    return !text.contains("\\'")
        && !BECOMES_ASCII.matcher(text).find()
        && !DOLLAR_QUOTE_BEHIND_LETTER.matcher(text).lookingAt();
  }

  private static Stream<DeniedStatements> at(Level level) {
    return ALL.stream().filter(barred -> !barred.from.isWiderThan(level));
  }
}
