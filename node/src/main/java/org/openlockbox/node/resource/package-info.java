/// `lockbox resource`: drafts, plans, checks and imports what a catalogue says of databases and
/// services.
@NullMarked
package org.openlockbox.node.resource;

import org.jspecify.annotations.NullMarked;
