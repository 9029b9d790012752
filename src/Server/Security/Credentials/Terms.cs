using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>Rights in one store, or, by the name <see cref="AnyStore"/>, in all.</summary>
internal readonly record struct Grant(string Store, Rights Rights)
{
    public const string AnyStore = "*";
}

/// <summary>How much a caller may ask of the server; null: as much as it likes.</summary>
/// <param name="CallsPerSecond">Of calls that begin; a second's worth may come at once.</param>
/// <param name="ConcurrentCalls">Of calls that are going on, streams included.</param>
internal readonly record struct CallLimits(int? CallsPerSecond, int? ConcurrentCalls)
{
    public bool IsNone => CallsPerSecond is null && ConcurrentCalls is null;
}

/// <summary>What was agreed with a caller: who it is and what it may do.</summary>
internal sealed record Terms
{
    public required string Name { get; init; }

    public required ImmutableArray<Grant> Grants { get; init; }

    /// <inheritdoc cref="Access.Principal"/>
    public ObjectRef? Principal { get; init; }

    public required DenialDetail Detail { get; init; }

    public CallLimits Limits { get; init; }

    /// <summary>Null: it does not reach that store.</summary>
    public Rights? RightsIn(string store)
    {
        Rights? rights = null;
        foreach (Grant grant in Grants)
            if (grant.Store == store || grant.Store == Grant.AnyStore) rights = (rights ?? Rights.None) | grant.Rights;
        return rights;
    }

    /// <summary>The store it reaches when it names none; null: the server's own choice.</summary>
    public string? OnlyStore => Grants is [{ Store: not Grant.AnyStore } only] ? only.Store : null;

    public bool Equals(Terms? other) =>
        other is not null && Name == other.Name && Principal == other.Principal && Detail == other.Detail && Limits == other.Limits
        && Grants.AsSpan().SequenceEqual(other.Grants.AsSpan());

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
