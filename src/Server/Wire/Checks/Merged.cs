using Google.Protobuf;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>Messages that come seldom, as generated code reads them.</summary>
internal static class Merged
{
    /// <param name="known">What came of the field before; null: nothing.</param>
    public static T With<T>(T? known, ReadOnlySpan<byte> message) where T : class, IMessage<T>, new()
    {
        T merged = known ?? new T();
        merged.MergeFrom(message);
        return merged;
    }
}
