package org.openlockbox.server.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.log.SessionEvent;

/// Lines of CSV (RFC 4180). Spreadsheets run what begins like a formula, so such a cell gets an
/// apostrophe in front.
public final class Csv {
  static final String HEAD =
      "position,id,time,type,request,session,who,engineer,level,resource,address,status,units,changed,"
          + "bytes,message,text,text_commitment,log_index,entry_sha256\r\n";

  private final List<String> cells = new ArrayList<>();

  private Csv() {}

  static String line(ExportEvent event) {
    var line = new Csv();
    var session = event.session();
    line.add(event.position().toString());
    line.add(event.id());
    line.add(event.entry().time().toString());
    line.add(event.type());
    line.add(event.request().map(Object::toString));
    line.add(session.map(of -> of.id().value()));
    line.add(EventSentence.of(event).who());
    line.add(ExportFormat.engineer(event));
    line.add(
        session
            .map(of -> of.target().level())
            .or(() -> event.submission().map(asked -> asked.terms().level().word())));
    line.add(EventSentence.resource(event));
    line.add(session.map(of -> of.origin().address()));
    line.addResult(event);
    line.add(ExportFormat.message(event));
    line.add(event.shownText());
    line.add(event.commitment().map(to -> to.hex()));
    line.add(Long.toString(event.stored().seq()));
    line.add(event.stored().sha256().hex());
    return line.ended();
  }

  /// These cells as a line, with its end.
  public static String row(List<String> cells) {
    var line = new Csv();
    cells.forEach(line::add);
    return line.ended();
  }

  private String ended() {
    return String.join(",", cells) + "\r\n";
  }

  private void addResult(ExportEvent event) {
    if (event.closing().isPresent()) {
      var totals = event.closing().get().totals();
      add("");
      add(Long.toString(totals.units()));
      add("");
      add(Long.toString(totals.bytes()));
    } else if (event.entry().body() instanceof SessionEvent.Outcome outcome) {
      add(outcome.status().word());
      add(Long.toString(outcome.units()));
      add(Long.toString(outcome.changed()));
      add(Long.toString(outcome.bytes()));
    } else {
      cells.addAll(List.of("", "", "", ""));
    }
  }

  private void add(Optional<String> cell) {
    add(cell.orElse(""));
  }

  private void add(String cell) {
    cells.add(escaped(cell));
  }

  static String escaped(String cell) {
    boolean formula = !cell.isEmpty() && "=+-@\t\r\n".indexOf(cell.charAt(0)) >= 0;
    var safe = formula ? "'" + cell : cell;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
