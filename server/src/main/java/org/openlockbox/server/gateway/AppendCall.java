package org.openlockbox.server.gateway;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.server.problem.Problem;

/// What one boot of a gateway wants appended in one call, and the answer that it waits for. Any
/// answer but indices leaves open whether the entries are in the log; the same call made again
/// finds out, by their counters.
final class AppendCall {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OVERHEAD = 1024;

  private final GatewayId gateway;
  private final String boot;
  private final List<SubmittedEntry> entries;
  private final long weight;
  private final CompletableFuture<List<Long>> answer = new CompletableFuture<>();

  AppendCall(GatewayId gateway, String boot, List<SubmittedEntry> entries) {
    this.gateway = gateway;
    this.boot = boot;
    this.entries = List.copyOf(entries);
    this.weight = entries.stream().mapToLong(AppendCall::weight).sum();
  }

  private static long weight(SubmittedEntry sent) {
    return OVERHEAD + sent.texts().stream().mapToLong(text -> text.text().size()).sum();
  }

  List<SubmittedEntry> entries() {
    return entries;
  }

  /// About how many bytes it holds in memory.
  long weight() {
    return weight;
  }

  /// Who called: a boot's calls are carried out one after another.
  CallingBoot caller() {
    return new CallingBoot(gateway, boot);
  }

  /// Whether it asks for the same entries.
  boolean isSame(AppendCall other) {
    return caller().equals(other.caller()) && entries.equals(other.entries);
  }

  /// One boot of a gateway.
  record CallingBoot(GatewayId gateway, String boot) {}

  /// Whether it changes nothing but the log: such calls share a transaction.
  boolean isLogOnly() {
    return entries.stream().noneMatch(sent -> isSignedAtOnce(sent.body().type()));
  }

  /// Entries that open or end access change rows as well, and their checkpoint appears with them.
  private static boolean isSignedAtOnce(EntryType type) {
    return switch (type) {
      case SESSION_OPEN, SESSION_CLOSE, REMOVAL_FAILED -> true;
      case OPERATION, PART, OUTCOME -> false;
      case GENESIS,
          KEY_ADD,
          KEY_REMOVE,
          SETTINGS,
          POLICY,
          GATEWAY_AUTHORITY_OBJECT,
          GATEWAY_AUTHORITY,
          GATEWAY_REVOKE,
          LOG_KEYS,
          TICKET,
          REQUEST,
          REVIEW,
          AUTO,
          DECISION,
          REVOKE,
          WITHDRAW,
          LAPSE,
          END,
          SESSION_LOST,
          RECOVERY,
          ERASED ->
          throw new IllegalStateException("not a gateway's entry: " + type.word());
    };
  }

  sealed interface AppendAnswer {
    /// The entries are in the log, durable, at these indices, in the order sent.
    record EntriesDurable(List<Long> indices) implements AppendAnswer {}

    /// They are not, or nobody knows.
    record NotAppended(RuntimeException why) implements AppendAnswer {}
  }

  void answer(AppendAnswer given) {
    switch (given) {
      case AppendAnswer.EntriesDurable(var indices) -> answer.complete(indices);
      case AppendAnswer.NotAppended(var why) -> answer.completeExceptionally(why);
    }
  }

  /// The index of each entry, in the order sent.
  List<Long> await() {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw Problem.unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable();
    }
  }
}
