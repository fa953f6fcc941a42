package org.openlockbox.server.gateway;

import java.util.List;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;

/// One entry as a gateway sends it: body and stamp are final, index and time are given on append.
public record SubmittedEntry(
    TenantId tenant, EntryBody body, GatewayStamp stamp, List<OpenedText> texts) {
  public SubmittedEntry {
    texts = List.copyOf(texts);
    if (!body.type().isFromGateway()) {
      throw new MalformedJson("a gateway does not write " + body.type().word());
    }
  }

  public static SubmittedEntry parse(Fields fields) {
    var type = fields.value("type", EntryType::parse);
    var sent =
        new SubmittedEntry(
            fields.value("tenant", TenantId::new),
            EntryBody.parse(type, fields.object("body")),
            GatewayStamp.parse(fields.object("gw")),
            fields.has("texts")
                ? fields.objects("texts").stream().map(SubmittedEntry::text).toList()
                : List.of());
    fields.done();
    return sent;
  }

  private static OpenedText text(Fields fields) {
    var commitment = fields.value("commitment", Commitment::parse);
    var text = new OpenedText(fields.bytes("salt"), fields.bytes("text"));
    fields.done();
    if (!text.commitment().equals(commitment)) {
      throw new MalformedJson("a text does not open its commitment");
    }
    return text;
  }
}
