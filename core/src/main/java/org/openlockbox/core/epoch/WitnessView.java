package org.openlockbox.core.epoch;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.tree.Hash;

/// What a server shows of the witnesses of one tenant's log: its head in an epoch that they
/// cosigned, and a checkpoint that the tenant's own witness cosigned. Proves nothing before
/// [WitnessCheck].
///
/// @param epoch the newest epoch that the witnesses of the settings cosigned
/// @param consistency between the head's size and the size that was asked for
/// @param epochConsistency from the size of the epoch log that was asked for
/// @param own what the tenant's own witness cosigned last
public record WitnessView(
    Optional<EpochProof> epoch,
    List<Hash> consistency,
    List<Hash> epochConsistency,
    Optional<OwnCheckpoint> own) {
  private static final String WHAT = "witness view";

  public WitnessView {
    consistency = List.copyOf(consistency);
    epochConsistency = List.copyOf(epochConsistency);
  }

  /// A cosigned checkpoint of the tenant's own log, and the proof between its size and the size
  /// that was asked for.
  public record OwnCheckpoint(String checkpoint, List<Hash> consistency) {
    public OwnCheckpoint {
      consistency = List.copyOf(consistency);
    }
  }

  public static WitnessView parse(Json json) {
    var fields = Fields.of(json, WHAT);
    var own = fields.optionalObject("own");
    var view =
        new WitnessView(
            fields.has("epoch")
                ? Optional.of(EpochProof.parse(fields.json("epoch")))
                : Optional.empty(),
            hashes(fields, "consistency"),
            hashes(fields, "epochConsistency"),
            own.map(WitnessView::own));
    fields.done();
    return view;
  }

  private static OwnCheckpoint own(Fields fields) {
    var own = new OwnCheckpoint(fields.multiline("checkpoint"), hashes(fields, "consistency"));
    fields.done();
    return own;
  }

  private static List<Hash> hashes(Fields fields, String name) {
    try {
      return fields.optionalTexts(name).orElse(List.of()).stream().map(Hash::ofBase64).toList();
    } catch (IllegalArgumentException e) {
      throw new MalformedJson("%s: '%s' are hashes".formatted(WHAT, name), e);
    }
  }

  public Json.Object toJson() {
    var json = Json.object();
    epoch.ifPresent(
        proof ->
            json.put("epoch", proof.toJson())
                .putTexts("consistency", base64(consistency))
                .putTexts("epochConsistency", base64(epochConsistency)));
    own.ifPresent(
        shown ->
            json.put(
                "own",
                Json.object()
                    .put("checkpoint", shown.checkpoint())
                    .putTexts("consistency", base64(shown.consistency()))
                    .build()));
    return json.build();
  }

  private static List<String> base64(List<Hash> hashes) {
    return hashes.stream().map(Hash::base64).toList();
  }
}
