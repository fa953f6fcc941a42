package org.openlockbox.cli.command.request;

import org.openlockbox.cli.command.CommonOptions;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.Json;

/// What a tenant's policy would answer to a request that has not been made.
final class Prediction {
  private Prediction() {}

  static ExitCode print(CommonOptions call, String tenant, Json.Object wish) {
    String path = "/v1/tenants/" + Api.encoded(tenant) + "/requests:predict";
    ApiObject ruling = call.api().post(path, wish).object();
    if (call.json()) {
      call.terminal().print(ruling.line());
    } else {
      new FieldList()
          .add("it would be", ruling.text("words"))
          .add("because", ruling.text("says"))
          .add("rule", ruling.text("rule") + " of entry " + ruling.text("entry"))
          .printTo(call.terminal());
    }
    return ruling.text("effect").equals("deny") ? ExitCode.DENIED : ExitCode.OK;
  }
}
