using System.Buffers;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

public sealed class CodecTests
{
    private const int Seed = 7;

    [Fact]
    public void Every_entry_reads_back_as_it_was_written()
    {
        Random random = new(Seed);
        for (ulong revision = 1; revision <= 3_000; revision++)
        {
            LogTransaction transaction = Transactions.Random(random, revision);
            Assert.Equal(Transactions.Text(transaction), Transactions.Text(Decode(transaction, Encode(transaction))));
        }
    }

    [Fact]
    public void A_grant_of_an_hour_takes_fewer_than_twenty_bytes()
    {
        Instant now = Transactions.InstantOf(9);
        LogTransaction grant = new(new Revision(9), now, [LogEntry.Put(12, 70_000, 90_000, new Window(now, now.Plus(3_600_000_000)))]);
        Assert.InRange(Encode(grant).Length, 1, 19);
    }

    [Fact]
    public void A_transaction_cut_short_anywhere_is_refused()
    {
        Random random = new(Seed);
        for (ulong revision = 1; revision <= 50; revision++)
        {
            LogTransaction transaction = Transactions.Random(random, revision);
            byte[] bytes = Encode(transaction);
            for (int length = 0; length < bytes.Length; length++)
                Assert.Throws<StoreFailedException>(() => Decode(transaction, bytes.AsSpan(0, length)));
            Assert.Throws<StoreFailedException>(() => Decode(transaction, [.. bytes, 0]));
        }
    }

    [Fact]
    public void Bytes_that_are_no_transaction_are_refused_or_read_as_another_but_never_overrun()
    {
        Random random = new(Seed);
        int refused = 0;
        for (ulong revision = 1; revision <= 20_000; revision++)
        {
            LogTransaction transaction = Transactions.Random(random, revision, 10);
            byte[] bytes = Encode(transaction);
            for (int i = random.Next(3); i >= 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                Decode(transaction, bytes);
            }
            catch (StoreFailedException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1_000, 19_999);
    }

    [Fact]
    public void A_text_that_is_no_Unicode_is_the_callers_mistake() =>
        Assert.Throws<RejectionException>(() => Encode(Transactions.OfText(1, "half \ud83d pair")));

    private static byte[] Encode(LogTransaction transaction)
    {
        ArrayBufferWriter<byte> output = new();
        TransactionCodec.Encode(transaction, output);
        return output.WrittenSpan.ToArray();
    }

    private static LogTransaction Decode(LogTransaction like, ReadOnlySpan<byte> bytes) =>
        TransactionCodec.Decode(like.Revision, like.CommittedAt, bytes);
}
