using System.Buffers.Binary;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Tells a torn tail from damage. Records break off somewhere in every log that crashed; what was in flight may be lost,
/// or there in part, in any order. But a whole record behind the break that says the break lies below what was durable when
/// it was made proves that acknowledged bytes are gone.
/// </summary>
internal static class DamageSearch
{
    /// <summary>The address of a record that proves bytes at <paramref name="breakAt"/> were durable once; null when there is none.</summary>
    public static long? FindWitness(ILogPages pages, LogShape shape, long breakAt)
    {
        byte[] page = new byte[shape.PageBytes];
        for (long start = breakAt - shape.OffsetInPage(breakAt); start < pages.End; start += shape.PageBytes)
        {
            pages.Read(start, page);
            int from = (int)(Math.Max(start, breakAt) - start);
            if (FindWitness(page, from, start, breakAt) is { } offset) return start + offset;
        }
        return null;
    }

    private static int? FindWitness(ReadOnlySpan<byte> page, int from, long pageAddress, long breakAt)
    {
        for (int offset = from; offset + LogScan.LengthBytes <= page.Length; offset += LogScan.LengthBytes)
        {
            int zeros = page[offset..].IndexOfAnyExcept((byte)0);
            if (zeros < 0) return null;
            offset += zeros & ~(LogScan.LengthBytes - 1);
            int length = BinaryPrimitives.ReadInt32LittleEndian(page[offset..]);
            if (length < RecordFrame.HeaderBytes || length > page.Length - offset - LogScan.LengthBytes) continue;
            ReadOnlySpan<byte> record = page.Slice(offset + LogScan.LengthBytes, length);
            long durableUpTo = RecordFrame.Read(record).DurableUpTo;
            if (durableUpTo > breakAt && durableUpTo <= pageAddress + offset && RecordFrame.IsWhole(record)) return offset;
        }
        return null;
    }
}
