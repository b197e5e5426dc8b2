"""Users and how they prove who they are. "Account" means a brokerage account elsewhere, so this is not `accounts`."""
