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
    String state = fields.getOrDefault('C', "");
    return state.startsWith("25") || state.startsWith("42") || state.startsWith("57");
  }

  /// FATAL and PANIC end the database's session.
  public boolean endsSession() {
    String severity = fields.getOrDefault('V', fields.getOrDefault('S', ""));
    return severity.equals("FATAL") || severity.equals("PANIC");
  }

  /// The same error without the database's words: severity, SQLSTATE, position, and a plain text.
  public byte[] withheld(char type, String level) {
    return inOtherWords(
        type,
        type == 'E' ? sqlState() : fields.getOrDefault('C', "00000"),
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

  /// Whether the detail names values of a row that the statement ran into: a key that exists, a
  /// range that overlaps, a row that refers to another one. It may be a row that the session cannot
  /// see.
  public boolean detailsOtherRows() {
    return sqlState().startsWith("23") || sqlState().startsWith("44");
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

  /// The same error without its detail, with a next step if there is one.
  public byte[] withoutDetail(Optional<String> hint) {
    Map<Character, String> kept = new LinkedHashMap<>(fields);
    kept.remove('D');
    hint.ifPresent(step -> kept.put('H', step));
    return ServerMessages.fields('E', kept);
  }
}
