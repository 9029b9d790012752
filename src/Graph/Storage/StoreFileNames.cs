namespace AuthzGraph.Graph.Storage;

/// <summary>What the small files in a store's directory are called.</summary>
internal static class StoreFileNames
{
    public const string Manifest = "manifest";
    public const string Instant = "instant";

    /// <summary>The manifest of a copy: under this name nobody opens it as a store by mistake.</summary>
    public const string Backup = "backup";
}
