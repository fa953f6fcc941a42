package org.openlockbox.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The fields of an ErrorResponse or NoticeResponse from the database, read tolerantly: a missing
/// SQLSTATE becomes 08P01, a missing terminator ends the message.
public record ErrorFields(Map<Character, String> fields) {
  private static final Set<String> WITHOUT_VALUES =
      Set.of("08", "0A", "25", "26", "28", "34", "3D", "3F", "40", "42", "53", "54", "55", "57");

  private static final Set<String> DETAILS_OTHERS = Set.of("23", "40", "44");

  /// Block and line of a row in its table.
  private static final Pattern PLACE = Pattern.compile("\\(\\d+,\\d+\\)");

  private static final String WRONG_OBJECT_TYPE = "42809";
  private static final String DENIED = "permission denied for ";
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "new row violates (?:check option for view"
              + "|row-level security policy(?: \"lb_view_[a-z]+\")? for table) \"(.+)\"",
          Pattern.DOTALL);

  public ErrorFields {
    fields = Map.copyOf(fields);
  }

  public static ErrorFields parse(byte[] body) {
    Map<Character, String> found = new LinkedHashMap<>();
    int at = 0;
    while (at < body.length && body[at] != 0) {
      char code = (char) (body[at++] & 0xff);
      int start = at;
      while (at < body.length && body[at] != 0) {
        at++;
      }
      found.putIfAbsent(code, new String(body, start, at - start, StandardCharsets.UTF_8));
      at++;
    }
    return new ErrorFields(found);
  }

  public String sqlState() {
    String state = fields.getOrDefault('C', "");
    return state.matches("[0-9A-Z]{5}") ? state : PgError.PROTOCOL_VIOLATION;
  }

  public String message() {
    return fields.getOrDefault('M', "");
  }

  /// A notice of the server itself about the state of the session, without values from rows.
  public boolean isPlainNotice() {
    String state = noticeState();
    return state.startsWith("25") || state.startsWith("42") || state.startsWith("57");
  }

  /// LOG and DEBUG, which a session hears only if it asks for them.
  public boolean isForTheLog() {
    return severity().equals("LOG") || severity().startsWith("DEBUG");
  }

  /// FATAL and PANIC end the database's session.
  public boolean endsSession() {
    return severity().equals("FATAL") || severity().equals("PANIC");
  }

  private String severity() {
    return fields.getOrDefault('V', fields.getOrDefault('S', ""));
  }

  /// The SQLSTATE of a notice, which may have none.
  public String noticeState() {
    return fields.getOrDefault('C', "00000");
  }

  /// The same error without the database's words: severity, SQLSTATE, position, and a plain text.
  public byte[] withheld(char type, String level) {
    return inOtherWords(
        type,
        type == 'E' ? sqlState() : noticeState(),
        "the database answered with "
            + sqlState()
            + "; its text may hold data and is withheld at level "
            + level,
        "The code says of what kind it is; the text is shown at levels that show the values.");
  }

  /// Another text as severe as this one.
  public byte[] inOtherWords(char type, String code, String text, String hint) {
    String severity = fields.getOrDefault('V', type == 'E' ? "ERROR" : "NOTICE");
    return ServerMessages.said(type, severity, code, text, hint);
  }

  /// Whether the text may repeat values from rows. Only the classes that speak of the statement,
  /// the connection or the server are known not to; functions and triggers raise any other.
  public boolean mayHoldValues() {
    return !WITHOUT_VALUES.contains(sqlState().substring(0, 2));
  }

  /// The same without what it tells of others. The detail of some names a row that the statement
  /// ran into (a key that exists, a range that overlaps, a row that refers to another one), which
  /// the session may not see, or whose processes and transactions are in its way. And the place of
  /// a row tells how many rows were written before, whoever's they are.
  public ErrorFields withoutOthers() {
    Map<Character, String> kept = new LinkedHashMap<>(fields);
    if (DETAILS_OTHERS.contains(sqlState().substring(0, 2))) {
      kept.remove('D');
    }
    if (PLACE.matcher(fields.getOrDefault('W', "")).find()) {
      kept.remove('W');
    }
    return new ErrorFields(kept);
  }

  /// What the database denies a right to, without a next step: "function lo_creat".
  public Optional<String> denied() {
    return Optional.of(message())
        .filter(_ -> sqlState().equals(PgError.INSUFFICIENT_PRIVILEGE))
        .filter(said -> said.startsWith(DENIED) && !fields.containsKey('H'))
        .map(said -> said.substring(DENIED.length()));
  }

  /// The view whose check refused a row, or the table whose policies did.
  public Optional<String> checkOf() {
    return Optional.of(OUTSIDE.matcher(message())).filter(Matcher::matches).map(m -> m.group(1));
  }

  /// PostgreSQL's own next step there, a trigger, is for the owner of the view.
  public boolean refusesCopyIntoView() {
    return sqlState().equals(WRONG_OBJECT_TYPE) && message().startsWith("cannot copy to view ");
  }

  /// A row was written that would be, or lead to, somebody else's.
  public boolean leavesTheTenant() {
    return sqlState().equals(PgError.INSUFFICIENT_PRIVILEGE)
        && message().startsWith("new row violates row-level security policy \"lb_view_");
  }

  /// The same error with a next step.
  public byte[] withHint(String hint) {
    Map<Character, String> more = new LinkedHashMap<>(fields);
    more.put('H', hint);
    return ServerMessages.fields('E', more);
  }

  /// The same error as a message.
  public byte[] error() {
    return ServerMessages.fields('E', fields);
  }
}
