from zhupei.accounts.http import SignedInRequest, address_of

__all__ = ["SignedInRequest", "address_of"]
