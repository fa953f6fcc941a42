package org.openlockbox.server.api;

import java.util.function.Supplier;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RefusedSignatures;

/// Calls with something that the caller signed: carried out once, and a refusal is noted.
public final class SignedCalls {
  private final RefusedSignatures refused;
  private final Idempotency idempotency;

  public SignedCalls(RefusedSignatures refused, Idempotency idempotency) {
    this.refused = refused;
    this.idempotency = idempotency;
  }

  /// Does the work, or gives the reply of before.
  ///
  /// @param about what was signed, as the note of a refusal names it
  public ApiReply once(ApiCall call, TenantId tenant, String about, Supplier<ApiReply> work) {
    return refused.noting(
        tenant, call.caller().subject(), about, () -> idempotency.once(call, tenant.value(), work));
  }
}
