@NullMarked
package org.openlockbox.cli.command.decision;

import org.jspecify.annotations.NullMarked;
