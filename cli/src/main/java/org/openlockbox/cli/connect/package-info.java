/// The client half of each protocol: a credential for one connection, and the tool that uses it.
@NullMarked
package org.openlockbox.cli.connect;

import org.jspecify.annotations.NullMarked;
