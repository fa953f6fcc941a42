package org.openlockbox.server.api;

import java.util.Locale;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.metrics.ServerMeters;
import org.openlockbox.server.problem.Outage;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailure;
import org.openlockbox.tlog.tile.MissingTile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/// The one place where what went wrong becomes a reply (RFC 9457). Nothing of an outage's cause is
/// told to the caller; the log has it.
@RestControllerAdvice
final class ProblemReplies {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemReplies.class);

  private final RepeatedFailure outage = new RepeatedFailure(LOG);
  private final ServerMeters meters;

  ProblemReplies(ServerMeters meters) {
    this.meters = meters;
  }

  @ExceptionHandler
  ResponseEntity<byte[]> problem(Problem problem) {
    meters.refused(problem.code());
    return send(problem);
  }

  @ExceptionHandler
  ResponseEntity<byte[]> malformed(MalformedJson malformed) {
    return send(Problem.malformed(String.valueOf(malformed.getMessage())));
  }

  /// A parameter whose bytes are no text.
  @ExceptionHandler
  ResponseEntity<byte[]> malformed(InvalidParameterException unreadable) {
    return send(Problem.malformed("a parameter cannot be read"));
  }

  /// A number in the query that is none.
  @ExceptionHandler
  ResponseEntity<byte[]> malformed(TypeMismatchException mismatch) {
    return send(Problem.malformed("not a value for '%s'".formatted(mismatch.getPropertyName())));
  }

  /// The caller hung up; what was done stays done, and a retry with the same key gets its answer.
  @ExceptionHandler
  void hungUp(AsyncRequestNotUsableException gone) {
    LOG.debug("a caller hung up: {}", gone.toString());
  }

  /// An answer that was half written: to throw here leaves it to the web server, which breaks the
  /// connection off.
  @ExceptionHandler
  void brokenOff(ResponseAborted half) {
    LOG.warn("an answer was broken off", half);
    throw half;
  }

  @ExceptionHandler
  ResponseEntity<byte[]> other(Exception other) {
    if (other instanceof ErrorResponse known) {
      return send(Problem.ofStatus(known.getStatusCode().value()));
    }
    if (other instanceof MissingTile missing) {
      LOG.error("a log is damaged", missing);
      return send(Problem.damaged("the log misses rows: " + missing.getMessage()));
    }
    if (Outage.isOne(other)) {
      outage.tell("the database does not answer", other);
      meters.refused(Problem.unavailable().code());
      return send(Problem.unavailable());
    }
    LOG.error("a call failed", other);
    return send(Problem.ofStatus(500));
  }

  static ResponseEntity<byte[]> send(Problem problem) {
    var headers = new HttpHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.setCacheControl("no-store");
    if (problem.status() == 503) {
      headers.set("Retry-After", "1");
    }
    problem
        .retryAfter()
        .ifPresent(time -> headers.set("Retry-After", Long.toString(time.toSeconds() + 1)));
    return new ResponseEntity<>(bytes(problem), headers, problem.status());
  }

  static byte[] bytes(Problem problem) {
    return CanonicalJson.bytes(
        Json.object()
            .put("type", "urn:lockbox:problem:" + problem.code())
            .put("title", title(problem))
            .put("status", problem.status())
            .put("detail", TextRules.visible(problem.detail()))
            .put("code", problem.code())
            .putIfPresent("hint", problem.hint())
            .build());
  }

  private static String title(Problem problem) {
    var status = HttpStatus.resolve(problem.status());
    return status == null ? problem.code() : status.getReasonPhrase().toLowerCase(Locale.ROOT);
  }
}
