@NullMarked
package org.openlockbox.cli.command.notify;

import org.jspecify.annotations.NullMarked;
