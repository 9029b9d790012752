using AuthzGraph.Model;

namespace AuthzGraph.Server.Stores;

/// <summary>Where the stores of calls come from: the stores there are, or, for tests, one for every token.</summary>
internal interface IStoreSource
{
    /// <summary>The store for a request, opened if it is not; null: there is none of that name.</summary>
    /// <param name="name">What the caller chose.</param>
    /// <exception cref="RejectionException">There are too many.</exception>
    ValueTask<ServedStore?> ForAsync(HttpContext http, string name);
}
