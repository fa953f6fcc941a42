@NullMarked
package org.openlockbox.cli.command.keyring;

import org.jspecify.annotations.NullMarked;
