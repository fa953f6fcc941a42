package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.Erasure.ErasureScope;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.server.TestServer.Answer;

/// An approved request with a session of three statements, and what its tenant has erased of it.
public record Recorded(TestTenant tenant, Answer request, List<Long> statements) {
  public static final String SQL = "select secret_phrase from customers";

  public static Recorded of(TestTenant tenant) {
    var gateway = TestGateway.leased(tenant.server);
    var request = tenant.approved();
    var session = gateway.open(tenant, request);
    var entries =
        IntStream.range(0, 3)
            .mapToObj(
                n -> {
                  var text = TestGateway.sql(SQL + " -- " + n);
                  return gateway.entry(tenant, TestGateway.statement(session, n, text), text);
                })
            .toList();
    return new Recorded(tenant, request, TestGateway.indices(gateway.append(entries)));
  }

  public Envelope erasure(ErasureScope scope, SoftwareKey... keys) {
    var erasure =
        new Erasure(
            tenant.id,
            tenant.origin,
            scope,
            "asked for",
            tenant.server.clock.get().plus(Duration.ofMinutes(10)),
            Nonce.random(TestTenant.RANDOM));
    var envelope = erasure.unsigned();
    for (var key : keys) {
      envelope = envelope.signedBy(key);
    }
    return envelope;
  }

  /// Has the approver sign these retention periods.
  public void demand(Map<TextKind, Duration> periods) {
    var settings =
        new Settings(
            WitnessPolicy.NONE,
            Settings.MAX_UNWITNESSED,
            WitnessPolicy.NONE,
            periods,
            ProviderAccess.ENABLED);
    tenant.change(new KeyringChange.Edit.ReplaceSettings(settings));
  }

  public Envelope erasure(long... indices) {
    return erasure(
        new ErasureScope.ChosenEntries(LongStream.of(indices).boxed().toList()), tenant.key);
  }

  public Answer erase(Envelope envelope) {
    return erase(envelope, Map.of());
  }

  public Answer erase(Envelope envelope, Map<String, String> headers) {
    return tenant.server.post(
        tenant.approver(),
        "/v1/tenants/%s/erasures".formatted(tenant.id),
        TestTenant.envelope(envelope),
        headers);
  }

  public long requestEntry() {
    return TestTenant.ref(request).index();
  }

  public Fields shown(long seq) {
    var path = "/v1/tenants/%s/log?limit=1&from=%d".formatted(tenant.id, seq);
    return tenant.server.get(tenant.id + "-auditor", path).json().objects("entries").getFirst();
  }

  public BundleCheck bundle() {
    var path = tenant.requests() + "/" + TestTenant.ref(request).id() + "/evidence";
    var zip = tenant.server.get(tenant.id + "-auditor", path).response().body();
    return BundleCheck.verify(zip, Optional.empty());
  }

  public List<String> story() {
    var check = bundle();
    assertThat(check).isInstanceOf(BundleCheck.Valid.class);
    return ((BundleCheck.Valid) check).story().told();
  }
}
