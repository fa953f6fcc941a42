@NullMarked
package org.openlockbox.cli.command.evidence;

import org.jspecify.annotations.NullMarked;
