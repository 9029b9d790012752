using AuthzGraph.Model;

namespace AuthzGraph.Server.Stores;

/// <summary>Why a store isn't made, found or deleted.</summary>
internal static class StoreRefusals
{
    public static RejectionException Unknown(string name) => new(RejectionCode.NotFound, "STORE_UNKNOWN", $"there is no store `{name}`");

    public static RejectionException Exists(string name) => new(RejectionCode.AlreadyExists, "STORE_EXISTS", $"there is a store `{name}` already");

    public static RejectionException Default() =>
        Rejection.Precondition("STORE_IS_DEFAULT", $"the store `{StoreName.Default}` can't be deleted: callers who name no store use it");

    public static RejectionException TooMany(int most) =>
        Rejection.Limit("TOO_MANY_STORES", $"there are {most} stores, the most this server holds (limits.stores): delete one, or raise the limit");

    public static RejectionException Testing() =>
        Rejection.Precondition("STORES_ARE_FOR_TESTING", "this server runs with --testing: every token has a store of its own, and there are no others");

    public static RejectionException TooManyTesting(int most) =>
        Rejection.Limit("TOO_MANY_STORES", $"{most} tokens use their stores at this moment, the most this server holds (limits.testing_stores)");
}
