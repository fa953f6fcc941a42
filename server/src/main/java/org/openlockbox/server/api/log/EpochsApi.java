package org.openlockbox.server.api.log;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.epoch.EpochPublisher;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tile.TilePath;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The epoch log, which anybody may read, and each tenant's head in it, which only its own people
/// may.
@RestController
public final class EpochsApi {
  private final Visibility visibility;
  private final EpochPublisher epochs;

  public EpochsApi(Visibility visibility, EpochPublisher epochs) {
    this.visibility = visibility;
    this.epochs = epochs;
  }

  @GetMapping("/epochs/checkpoint")
  ResponseEntity<byte[]> checkpoint(@RequestParam Optional<Integer> witnesses) {
    var note = epochs.checkpoint(atLeast(witnesses)).orElseThrow(Problem::notFound);
    return text(note.format());
  }

  /// The keys of the epoch log, one vkey a line, of two pairs the older first: what `lockbox
  /// witness --log` reads.
  @GetMapping("/epochs/vkeys")
  ResponseEntity<byte[]> vkeys() {
    return text(
        epochs.verifiers().stream()
            .map(pair -> String.join("\n", pair.vkeys()) + "\n")
            .collect(Collectors.joining()));
  }

  @GetMapping("/epochs/tile/**")
  ResponseEntity<byte[]> tile(HttpServletRequest request) {
    var path = request.getRequestURI().substring("/epochs/".length());
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header("Cache-Control", "public, max-age=31536000, immutable")
        .body(epochs.resource(parse(path)).orElseThrow(Problem::notFound));
  }

  /// The tenant's head in an epoch with all that proves it (docs/spec/epochs.md).
  @GetMapping("/v1/tenants/{t}/epoch")
  ResponseEntity<byte[]> head(
      ApiCall call,
      @PathVariable String t,
      @RequestParam Optional<Long> epoch,
      @RequestParam Optional<Integer> witnesses) {
    var tenant = visibility.head(call.caller(), t);
    return ApiReply.ok(epochs.proof(tenant.id(), epoch, atLeast(witnesses)).toJson()).send();
  }

  private static int atLeast(Optional<Integer> witnesses) {
    return Math.max(0, witnesses.orElse(0));
  }

  private static TilePath parse(String path) {
    try {
      return TilePath.parse(path);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }

  private static ResponseEntity<byte[]> text(String text) {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("text/plain;charset=utf-8"))
        .header("Cache-Control", "no-store")
        .body(text.getBytes(StandardCharsets.UTF_8));
  }
}
