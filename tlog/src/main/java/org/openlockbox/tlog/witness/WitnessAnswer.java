package org.openlockbox.tlog.witness;

import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.tlog.NoteSignature;

/// A witness's answer to `add-checkpoint`, with its HTTP status.
public sealed interface WitnessAnswer {
  int status();

  String body();

  /// Content type of a 409, whose body is the size that the witness has cosigned.
  String SIZE_TYPE = "text/x.tlog.size";

  /// The checkpoint continues the last one; this is on the witness's disk.
  record Cosigned(List<NoteSignature> lines) implements WitnessAnswer {
    public Cosigned {
      lines = List.copyOf(lines);
    }

    @Override
    public int status() {
      return 200;
    }

    @Override
    public String body() {
      return lines.stream().map(line -> line.line() + "\n").collect(Collectors.joining());
    }
  }

  /// The last cosigned checkpoint has another size than the log believes.
  record Stale(long size) implements WitnessAnswer {
    @Override
    public int status() {
      return 409;
    }

    @Override
    public String body() {
      return size + "\n";
    }
  }

  /// Refused: 400 malformed or shrinking, 403 not signed by the log, 404 unknown log, 422 a proof
  /// that does not lead from the last cosigned checkpoint to this one.
  record NotCosigned(int status, String why) implements WitnessAnswer {
    @Override
    public String body() {
      return why + "\n";
    }
  }
}
