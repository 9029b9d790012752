using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Bytes that change at rest: a log says everything that was acknowledged, or says that it can't.</summary>
public sealed class DamageTests
{
    private const int Seed = 11;
    internal const int Count = 40;
    internal static readonly Instant Reserved = new(1_900_000_000_000_000);

    [Fact]
    public async Task A_flipped_bit_in_the_log_is_never_passed_over()
    {
        SimulatedDisk disk = await FilledAsync();
        Random random = new(Seed);
        int end = EndOfContent(disk);
        int refused = 0;
        for (int i = end - 1_500; i < end + 8; i++)
            if (await IsRefusedAsync(disk.Damaged(SimulatedDevice.File, bytes => Flipped(bytes, i, random)))) refused++;
        for (int i = 0; i < 500; i++)
            if (await IsRefusedAsync(disk.Damaged(SimulatedDevice.File, bytes => Flipped(bytes, random.Next(64, end), random)))) refused++;
        Assert.InRange(refused, 1_500, 2_000);
    }

    [Fact]
    public async Task A_log_cut_short_anywhere_is_never_passed_over()
    {
        SimulatedDisk disk = await FilledAsync();
        int end = EndOfContent(disk);
        for (int length = 0; length < end; length += length < end - 1_000 ? 37 : 1)
            Assert.True(await IsRefusedAsync(disk.Damaged(SimulatedDevice.File, bytes => bytes[..length])));
    }

    [Fact]
    public async Task A_sector_or_a_page_of_zeros_in_the_log_is_never_passed_over()
    {
        SimulatedDisk disk = await FilledAsync();
        int end = EndOfContent(disk);
        for (int length = 512; length <= 4_096; length *= 8)
            for (int start = 0; start < end; start += length)
            {
                bool wasZeros = false;
                SimulatedDisk damaged = disk.Damaged(SimulatedDevice.File, bytes =>
                {
                    wasZeros = !bytes.AsSpan(start, Math.Min(length, bytes.Length - start)).ContainsAnyExcept((byte)0);
                    return Zeroed(bytes, start, length);
                });
                Assert.True(wasZeros || await IsRefusedAsync(damaged), $"{length} zeros at {start} were passed over");
            }
    }

    /// <summary>No shutdown, and so no manifest that knows: the mark in the log alone tells damage from a torn tail.</summary>
    [Fact]
    public async Task Damage_is_told_from_a_torn_tail_soon_after_the_log_fell_idle()
    {
        SimulatedDisk disk = new(new Random(Seed));
        await using FasterTransactionLog log = SimulatedStore.Open(disk);
        await log.AppendDurablyAsync(Transactions.Small(1));
        long last = await log.AppendAsync(Transactions.Small(2), CancellationToken.None);
        await log.WaitDurableAsync(last);
        int marked = (int)last + LogScan.Occupied(RecordFrame.HeaderBytes);
        for (int i = 0; i < 1_000 && EndOfContent(disk) < marked - 8; i++) await Task.Delay(10);
        SimulatedDisk damaged = disk.Damaged(SimulatedDevice.File, bytes => Flipped(bytes, (int)last - 8, new Random(Seed)));
        Assert.Contains("says that it was durable", Refusal(damaged));
    }

    /// <summary>
    /// Nothing but the records themselves: each says how far the log was durable when it was made, so the last alone may have been on its
    /// way. Damage to any other is refused; damage to the last is taken for a torn tail, and told.
    /// </summary>
    [Fact]
    public async Task Every_byte_of_the_last_records_flipped_after_a_crash_is_refused_or_told()
    {
        SimulatedDisk disk = new(new Random(Seed));
        List<LogTransaction> appended = [];
        List<long> ends = [];
        await using FasterTransactionLog log = SimulatedStore.Open(disk, shape: SimulatedStore.Tiny with { IdleBeforeMark = TimeSpan.FromHours(1) });
        for (ulong i = 1; i <= 12; i++)
        {
            appended.Add(Transactions.OfText(i, new string('x', 20 * (int)i)));
            ends.Add(await log.AppendAsync(appended[^1], CancellationToken.None));
            await log.WaitDurableAsync(ends[^1]);
        }
        Random random = new(Seed);
        (int refused, int told) = (0, 0);
        for (int i = (int)ends[^6]; i < ends[^1]; i++)
        {
            SimulatedDisk damaged = disk.Damaged(SimulatedDevice.File, bytes => Flipped(bytes, i, random));
            int record = ends.FindIndex(end => i < end);
            try
            {
                await using FasterTransactionLog next = SimulatedStore.Open(damaged);
                List<LogTransaction> replayed = next.Replayed();
                if (replayed.Count == appended.Count) continue;     // padding
                Assert.Equal(Transactions.Texts(appended.SkipLast(1)), Transactions.Texts(replayed));
                Assert.Contains($"up to revision {appended.Count - 1} and without what comes after it", Assert.Single(next.Checkpoint.Notices));
                told++;
            }
            catch (StoreFailedException refusal)
            {
                Assert.True(record < ends.Count - 1, refusal.Message);
                Assert.Contains("says that it was durable", refusal.Message);
                Assert.Contains("at address", refusal.Message);
                refused++;
            }
        }
        Assert.True(told > 200 && refused > 900, $"{told} told, {refused} refused");
    }

    [Fact]
    public async Task What_a_crash_cut_off_is_told_at_the_next_start_and_not_again_after_a_clean_end()
    {
        SimulatedDisk disk = new(new Random(Seed));
        LogShape unmarked = SimulatedStore.Tiny with { IdleBeforeMark = TimeSpan.FromHours(1) };
        await using FasterTransactionLog log = SimulatedStore.Open(disk, shape: unmarked);
        await log.AppendDurablyAsync(Transactions.Small(1));
        long last = await log.AppendAsync(Transactions.OfText(2, new string('x', 3_000)), CancellationToken.None);      // in parts
        await log.WaitDurableAsync(last);
        SimulatedDisk cut = disk.Damaged(SimulatedDevice.File, bytes => Zeroed(bytes, (int)last - 100, 100));
        await using (FasterTransactionLog next = SimulatedStore.Open(cut))
        {
            string told = Assert.Single(next.Checkpoint.Notices);
            Assert.Contains("up to revision 1 and without what comes after it: 4 records of a transaction that was never closed, and ", told);
            Assert.Contains(" bytes from address ", told);
            Assert.Single(next.Replayed());
        }
        await using FasterTransactionLog after = SimulatedStore.Open(cut);
        Assert.Empty(after.Checkpoint.Notices);
    }

    [Fact]
    public async Task A_segment_that_went_missing_after_a_crash_is_noticed()
    {
        SimulatedDisk disk = new(new Random(Seed));
        await using FasterTransactionLog log = SimulatedStore.Open(disk, shape: SimulatedStore.Tiny with { IdleBeforeMark = TimeSpan.FromHours(1) });
        int segment = (int)SimulatedStore.Tiny.SegmentBytes;
        ulong revision = 0;
        for (long position = 0; position <= segment; await log.WaitDurableAsync(position))
            position = await log.AppendAsync(Transactions.OfText(++revision, new string('x', 300)), CancellationToken.None);
        Assert.Contains("the manifest says", Refusal(disk.Damaged(SimulatedDevice.File, bytes => bytes[..segment])));
    }

    [Fact]
    public async Task A_torn_tail_costs_only_what_nobody_was_promised()
    {
        SimulatedDisk disk = new(new Random(Seed));
        await using FasterTransactionLog log = SimulatedStore.Open(disk, shape: SimulatedStore.Tiny with { IdleBeforeMark = TimeSpan.FromHours(1) });
        await log.AppendDurablyAsync(Transactions.Small(1));
        long last = await log.AppendAsync(Transactions.Small(2), CancellationToken.None);
        await log.WaitDurableAsync(last);
        await using FasterTransactionLog next = SimulatedStore.Open(disk.Damaged(SimulatedDevice.File, bytes => Flipped(bytes, (int)last - 8, new Random(Seed))));
        Assert.Equal(Transactions.Texts([Transactions.Small(1)]), Transactions.Texts(next.Replayed()));
    }

    internal static async Task<SimulatedDisk> FilledAsync()
    {
        SimulatedDisk disk = new(new Random(Seed));
        Random random = new(Seed);
        for (int life = 0; life < 2; life++)
        {
            await using FasterTransactionLog log = SimulatedStore.Open(disk);
            int before = log.Replayed().Count;
            log.ReserveInstant(Reserved.Plus(life - 1));
            for (int i = 1; i <= Count / 2; i++)
                await log.AppendDurablyAsync(Transactions.Random(random, (ulong)(before + i), i == 5 ? 8_000 : 100));
        }
        return disk;
    }

    private static async Task<int> ReplayedCountAsync(SimulatedDisk disk)
    {
        await using FasterTransactionLog log = SimulatedStore.Open(disk);
        return log.Replayed().Count;
    }

    private static async Task<bool> IsRefusedAsync(SimulatedDisk disk)
    {
        try
        {
            Assert.Equal(Count, await ReplayedCountAsync(disk));
            return false;
        }
        catch (StoreFailedException refusal)
        {
            Assert.Contains("address", refusal.Message);
            return true;
        }
    }

    internal static string Refusal(SimulatedDisk disk) => Assert.Throws<StoreFailedException>(() => SimulatedStore.Open(disk)).Message;

    private static int EndOfContent(SimulatedDisk disk)
    {
        byte[] bytes = new byte[disk.Length(SimulatedDevice.File)];
        disk.Read(SimulatedDevice.File, 0, bytes);
        return bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
    }

    internal static byte[] Flipped(byte[] bytes, int index, Random random)
    {
        if (index < bytes.Length) bytes[index] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static byte[] Zeroed(byte[] bytes, int start, int length)
    {
        bytes.AsSpan(start, Math.Min(length, bytes.Length - start)).Clear();
        return bytes;
    }
}
