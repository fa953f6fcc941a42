package org.openlockbox.server.erasure;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.history.Erasures;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;
import org.openlockbox.core.statement.Erasure.ErasureScope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Erases the texts that approvers signed for. The texts, the copies of them in other tables and
/// the entry that says so go in one transaction: a crash leaves all or nothing, and the same
/// statement is carried out once.
public final class TextErasure {
  private final Store store;
  private final TextCopies copies;
  private final ProviderDirectory directory;

  public TextErasure(Store store, TextCopies copies, ProviderDirectory directory) {
    this.store = store;
    this.copies = copies;
    this.directory = directory;
  }

  /// The index of the entry that says what was erased.
  public long erase(TenantId tenant, Envelope envelope) {
    var event = ErasedEvent.SignedErasure.of(envelope);
    return store.within(() -> erase(tenant, event));
  }

  private long erase(TenantId tenant, ErasedEvent.SignedErasure event) {
    var batch = store.logs().lock(tenant);
    var keyring = store.tenants().keyring(tenant);
    var logged = store.reader().erasures(tenant).stream().map(StoredEntry::read).toList();
    var erasures = Erasures.kept(keyring, logged);
    if (erasures.wasCarriedOut(event)) {
      throw already("this erasure was carried out before");
    }
    event
        .fault(keyring, batch.size(tenant), batch.now())
        .ifPresent(
            why -> {
              throw Problem.refused("erasure", why);
            });
    event.envelope().signatures().stream()
        .flatMap(signature -> keyring.key(signature.keyId()).stream())
        .forEach(key -> directory.refuseOwn(tenant, key.approver()));
    switch (event.claimed().scope()) {
      case ErasureScope.ChosenEntries(var indices) -> eraseEntries(tenant, indices, erasures);
      case ErasureScope.Everything() -> batch.sealsWith(tenant, eraseAll(tenant));
    }
    var entry = batch.append(tenant, event);
    store.logs().writeSigned(batch);
    return entry.seq();
  }

  private static Problem already(String detail) {
    return Problem.conflict("already_erased", detail);
  }

  private void eraseEntries(TenantId tenant, List<Long> indices, Erasures erasures) {
    var requests = new ArrayList<RequestId>();
    var entries = new ArrayList<StoredEntry>();
    var commitments = new HashSet<Commitment>();
    for (long index : indices) {
      var entry = store.reader().entries(tenant, index, 1).getFirst();
      var body = entry.read().body();
      requireErasable(entry, body.texts(), erasures);
      entries.add(entry);
      body.texts().forEach(text -> commitments.add(text.commitment()));
      if (body instanceof RequestEvent.Requested requested) {
        requests.add(requested.about());
      }
    }
    store.texts().erase(tenant, entries, commitments);
    copies.erase(tenant, requests, EnumSet.allOf(TextKind.class));
  }

  private static void requireErasable(
      StoredEntry entry, List<CommittedText> texts, Erasures erasures) {
    if (texts.isEmpty()) {
      throw Problem.refused(
          "nothing_to_erase",
          "entry %d (%s) commits to no text".formatted(entry.seq(), entry.read().type().word()));
    }
    var before = new TreeSet<String>();
    for (var text : texts) {
      var by = erasures.of(entry.seq(), text.kind());
      if (by.isEmpty()) {
        return;
      }
      before.add(by.get().told(text.kind()));
    }
    throw already("entry %d: %s".formatted(entry.seq(), String.join("; ", before)));
  }

  private int eraseAll(TenantId tenant) {
    if (!store.texts().areKept(tenant)) {
      throw already("no text of this tenant is kept");
    }
    int keyNo = store.texts().eraseAll(tenant);
    copies.eraseAll(tenant);
    return keyNo;
  }

  /// Deletes what nobody can open any more.
  public void round() {
    store.texts().empty();
  }
}
