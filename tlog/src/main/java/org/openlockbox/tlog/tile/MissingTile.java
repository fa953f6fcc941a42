package org.openlockbox.tlog.tile;

/// A tile that the tree size demands is absent or too short. The store lost data, or somebody
/// claims a larger tree than exists.
public final class MissingTile extends RuntimeException {
  private static final long serialVersionUID = 1;

  MissingTile(int level, long n, int needed, int found) {
    super("tile %d of level %d has %d hashes, %d are needed".formatted(n, level, found, needed));
  }
}
