package org.openlockbox.http.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.budget.MemoryLimitExceeded;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.json.JsonMasker;
import org.openlockbox.http.json.RowCount;
import org.openlockbox.http.json.TenantCheck;
import org.openlockbox.http.json.UnfitAnswer;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.socket.PlainFraming;

/// Holds an answer against its route, on its way to the engineer: whose it is, and what of it the
/// level shows.
///
/// @param route what was asked for
/// @param level that of the access
/// @param tenant what stands for the tenant in answers
record AnswerFilter(HttpRoute route, Level level, String tenant) {
  private static final int LONGEST_HELD = 8 << 20;
  private static final Set<String> LINES =
      Set.of("application/x-ndjson", "application/ndjson", "application/jsonl");
  private static final Set<String> PAGES =
      Set.of(
          "application/ecmascript",
          "application/javascript",
          "application/wasm",
          "application/x-ecmascript",
          "application/x-javascript",
          "application/xml",
          "multipart/x-mixed-replace",
          "text/ecmascript",
          "text/html",
          "text/javascript",
          "text/jscript",
          "text/livescript",
          "text/x-ecmascript",
          "text/x-javascript",
          "text/xml",
          "text/xsl");
  private static final String XML = "+xml";
  private static final String NUMBERED_SCRIPT = "text/javascript1.";
  private static final int FINAL = 200;
  private static final int NO_CONTENT = 204;
  private static final int REDIRECTS = 300;
  private static final int NOT_MODIFIED = 304;
  private static final int ERRORS = 400;

  /// It is about another tenant.
  static final class ForeignAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignAnswer() {
      super("the answer is about another customer");
    }
  }

  /// Whether it passes as it is.
  boolean isWhole() {
    return rule().isWholeAt(level);
  }

  /// Whether it is recorded in parts.
  boolean isStream() {
    return rule().form().isStream();
  }

  private AnswerRule rule() {
    return route.answer();
  }

  /// Whether an answer with this status and these headers passes at all.
  boolean passes(int status, HttpFields headers) {
    boolean opaque = rule().form() == AnswerForm.OPAQUE;
    if (status < FINAL || !hasOneType(headers) || !PlainFraming.holds(headers)) {
      return false;
    }
    if (headers.contains("content-encoding") && !opaque) {
      return false;
    }
    if (status == NOT_MODIFIED) {
      return route.request().isConditional() && isWhole();
    }
    return status < REDIRECTS || status >= ERRORS;
  }

  /// Of several types a browser may take another than the gateway.
  private static boolean hasOneType(HttpFields headers) {
    List<String> types = headers.getValuesList("content-type");
    return types.isEmpty() || (types.size() == 1 && types.getFirst().indexOf(',') < 0);
  }

  /// Whether the words of an error do not pass.
  boolean hidesError(HttpFields headers) {
    return !isWhole() || isPage(headers);
  }

  /// The headers that pass with it.
  HttpFields headers(HttpFields answer) {
    return rule().isMaskedAt(level)
        ? HeaderRules.toEngineerMasked(answer, rule().form() == AnswerForm.LINES)
        : HeaderRules.toEngineer(answer, route);
  }

  /// What a browser runs (https://mimesniff.spec.whatwg.org/#javascript-mime-type) passes where the
  /// catalogue says that pages are shown.
  private boolean isPage(HttpFields headers) {
    String type = type(headers);
    boolean runs = PAGES.contains(type) || type.endsWith(XML) || type.startsWith(NUMBERED_SCRIPT);
    return rule().form() != AnswerForm.OPAQUE && runs;
  }

  private static String type(HttpFields headers) {
    return Optional.ofNullable(headers.get("content-type"))
        .orElse("")
        .toLowerCase(Locale.ROOT)
        .split(";", 2)[0]
        .strip();
  }

  /// Passes on what may pass of a body.
  ///
  /// @throws UnfitAnswer if it is not of the form that it has to have
  /// @throws ForeignAnswer if something in it is another tenant's
  void copy(SentRequest.UpstreamAnswer from, HttpTraffic session, AnswerRelease to)
      throws IOException {
    UpstreamBody body = from.body();
    if (isPage(from.headers()) && from.status() != NO_CONTENT) {
      throw new UnfitAnswer("it is a page, which passes on an opaque route alone");
    }
    if (isWhole()) {
      to.copy(body);
      return;
    }
    if (from.status() == NO_CONTENT) {
      return;
    }
    requireType(from.headers());
    if (rule().isHeld()) {
      held(body, session, to);
    } else {
      masked(body, to);
    }
  }

  private void requireType(HttpFields headers) throws UnfitAnswer {
    String type = type(headers);
    boolean lines = rule().form() == AnswerForm.LINES;
    boolean fits =
        lines
            ? LINES.contains(type)
            : type.equals("application/json")
                || (type.startsWith("application/") && type.endsWith("+json"));
    if (!fits) {
      throw new UnfitAnswer(lines ? "it is not JSON in lines" : "it is not JSON");
    }
  }

  private void masked(InputStream body, AnswerRelease to) throws IOException {
    JsonMasker masker = new JsonMasker(rule().fields());
    if (rule().form() == AnswerForm.LINES) {
      masker.lines(body, to);
    } else {
      masker.document(body, to);
    }
  }

  /// Nothing of it passes before all of it was read.
  private void held(InputStream body, HttpTraffic session, AnswerRelease to) throws IOException {
    int most = 0;
    try {
      session.holds(LONGEST_HELD);
      most = LONGEST_HELD;
      byte[] all = body.readNBytes(LONGEST_HELD + 1);
      if (all.length > LONGEST_HELD) {
        throw new UnfitAnswer("it is longer than 8 MiB");
      }
      switch (new TenantCheck(rule().tenant(), tenant).of(all)) {
        case OWN -> {}
        case ANOTHER -> throw new ForeignAnswer();
      }
      if (rule().rows().isPresent()) {
        to.counts(Math.max(1, new RowCount(rule().rows().get()).of(all)));
      }
      if (rule().isMaskedAt(level)) {
        masked(new ByteArrayInputStream(all), to);
      } else {
        to.write(all, 0, all.length);
      }
    } catch (MemoryLimitExceeded e) {
      throw (UnfitAnswer) new UnfitAnswer("too many such answers at once").initCause(e);
    } finally {
      session.holds(-most);
    }
  }
}
