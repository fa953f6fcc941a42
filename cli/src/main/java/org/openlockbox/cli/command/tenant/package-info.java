@NullMarked
package org.openlockbox.cli.command.tenant;

import org.jspecify.annotations.NullMarked;
