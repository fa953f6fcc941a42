package org.openlockbox.portal.wording;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The sheet on which an approver limits what was requested, as it is opened: at what is usual, at
/// what was requested, or, after a fault, at what they had chosen.
///
/// @param begins `asked`, or what was wrong; empty where it begins with what is usual
/// @param chosen by field
public record LimitSheet(String begins, Map<String, String> chosen) {
  private static final String BEGINS = "limits";
  private static final List<String> FIELDS =
      List.of("level", "duration", "rows", "sessions", "statementTimeout", "profile", "softEnd");

  /// What is wrong with the limits that were sent.
  public enum LimitFault {
    /// They limit nothing.
    NOTHING("nothing", "less.nothing"),
    /// No table is left.
    TABLES("tables", "less.tables.missing");

    private final String word;
    private final String message;

    LimitFault(String word, String message) {
      this.word = word;
      this.message = message;
    }

    /// The part of an address that opens the sheet with this fault, and with what was chosen.
    ///
    /// @param sent what stands in a field
    public String address(UnaryOperator<String> sent) {
      return FIELDS.stream()
          .filter(field -> !sent.apply(field).isEmpty())
          .map(field -> "&" + field + "=" + URLEncoder.encode(sent.apply(field), UTF_8))
          .collect(Collectors.joining("", "?" + BEGINS + "=" + word, "#less"));
    }
  }

  public LimitSheet {
    chosen = Map.copyOf(chosen);
  }

  /// As the address of the page says.
  public static LimitSheet of(Map<String, String> address) {
    return new LimitSheet(
        address.getOrDefault(BEGINS, ""),
        FIELDS.stream()
            .filter(field -> !address.getOrDefault(field, "").isEmpty())
            .collect(Collectors.toMap(field -> field, address::get)));
  }

  /// Whether it begins with what is usual.
  public boolean asUsual() {
    return begins.isEmpty();
  }

  /// The message about what is wrong.
  public Optional<String> fault() {
    return of(LimitFault.NOTHING).or(() -> of(LimitFault.TABLES));
  }

  private Optional<String> of(LimitFault fault) {
    return begins.equals(fault.word) ? Optional.of(fault.message) : Optional.empty();
  }

  /// Whether the tables are at fault.
  public boolean lacksTables() {
    return of(LimitFault.TABLES).isPresent();
  }

  /// The value at which a field opens: what had been chosen, else what is usual where the sheet
  /// begins with it, else nothing: as requested.
  ///
  /// @param offered what can be chosen
  public String opensAt(String field, Stream<?> offered, Optional<?> usual) {
    var preferred =
        Stream.concat(
                Optional.ofNullable(chosen.get(field)).stream(),
                usual.filter(_ -> asUsual()).map(Object::toString).stream())
            .findFirst()
            .orElse("");
    return offered.anyMatch(one -> one.toString().equals(preferred)) ? preferred : "";
  }

  /// The same where nothing is usual.
  public String opensAt(String field, Stream<?> offered) {
    return opensAt(field, offered, Optional.empty());
  }

  /// Whether this had been chosen.
  public boolean has(String field, Object value) {
    return value.toString().equals(chosen.get(field));
  }
}
